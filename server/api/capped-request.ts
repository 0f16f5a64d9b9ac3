/** The same request with its whole body in memory; null where that is larger, whatever its headers announced. */
export async function cappedRequest(request: Request, maxBytes: number): Promise<Request | null> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return null;
  if (!request.body) return request;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  // Leaving the loop cancels the stream: what is still to come is not taken.
  for await (const chunk of request.body) {
    total += chunk.length;
    if (total > maxBytes) return null;
    chunks.push(chunk);
  }
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: new Blob(chunks) });
}
