import type { FileAnswer } from "./endpoint.ts";

export function isFileAnswer(output: unknown): output is FileAnswer {
  return typeof output === "object" && output !== null && "mediaType" in output && "fileName" in output;
}

/** Sends a file while it is made; a reader that leaves ends its making. */
export function fileResponse({ body, mediaType, fileName }: FileAnswer, headers: Headers): Response {
  headers.set("content-type", mediaType);
  headers.set("content-disposition", `attachment; filename="${fileName}"`);
  const parts = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await parts.return?.();
    },
  });
  return new Response(stream, { headers });
}
