import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";

export type ReceivedPost = { path: string; headers: IncomingHttpHeaders; body: string; at: Date };
/** Answers one request, or leaves it hanging. */
export type Answering = (response: ServerResponse, request: ReceivedPost) => void;

export type HttpReceiver = Awaited<ReturnType<typeof startHttpReceiver>>;

const ok: Answering = (response) => response.end("ok");

/** A real HTTP server on loopback that keeps what it is sent. Says "ok" unless `answerNext` has something else. */
export async function startHttpReceiver() {
  const posts: ReceivedPost[] = [];
  const next: Answering[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const post = {
      ...{ path: request.url ?? "", headers: request.headers, at: new Date() },
      body: Buffer.concat(chunks).toString("utf8"),
    };
    posts.push(post);
    (next.shift() ?? ok)(response, post);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    posts,
    port,
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    /** what was sent to a path */
    to: (path: string) => posts.filter((post) => post.path === path),
    answerNext: (...answers: Answering[]) => {
      next.push(...answers);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
