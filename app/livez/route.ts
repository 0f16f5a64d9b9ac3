/** Says that this process answers, and asks nothing else. */
export function GET(): Response {
  return new Response("alive\n", { headers: { "cache-control": "no-store" } });
}
