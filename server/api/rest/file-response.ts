import { textStream } from "../text-stream.ts";
import type { FileAnswer } from "./endpoint.ts";

export function isFileAnswer(output: unknown): output is FileAnswer {
  return typeof output === "object" && output !== null && "mediaType" in output && "fileName" in output;
}

/** Sends a file while it is made; a reader that leaves ends its making. */
export function fileResponse({ body, mediaType, fileName }: FileAnswer, headers: Headers): Response {
  headers.set("content-type", mediaType);
  headers.set("content-disposition", `attachment; filename="${fileName}"`);
  return new Response(textStream(body), { headers });
}
