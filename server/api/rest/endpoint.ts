import type { z } from "zod";
import type { ApiScope } from "#common/contracts/api-key.ts";
import type { KeyHolder } from "#server/domain/api-keys/authenticate.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { readBody, readParams, readQuery } from "./read-input.ts";

/** A request as it came in: path segments decoded, query and body as text. */
export type RestCall = {
  holder: KeyHolder;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Headers;
  body: string;
};

/** An answer that is a file and no JSON of a contract. */
export type FileAnswer = { fileName: string; mediaType: string; body: AsyncIterable<string | Uint8Array> };

type Shape = z.ZodObject;

type Described = {
  method: "GET" | "POST";
  /** below /api/v1, parameters in braces: "/runs/{runId}" */
  path: string;
  /** names the operation in generated clients */
  id: string;
  tag: "Key" | "Clusters" | "Checks" | "Runbooks" | "Runs" | "Findings";
  summary: string;
  /** null: any key may ask */
  scope: ApiScope | null;
  params: Shape | null;
  query: Shape | null;
  body: z.ZodType | null;
  /** request headers that mean something: name → what */
  headers: Record<string, string>;
  status: 200 | 202 | 204;
  /** the contract of a JSON answer, with its name in the document; media types of a file; null: no content */
  answer: { name: string; schema: z.ZodType } | { mediaTypes: readonly string[] } | null;
};

/** One address of the API: what the document says of it, and what it does. */
export type Endpoint = Described & {
  /** the output as it leaves, already through its schema */
  answerTo: (call: RestCall) => Promise<unknown>;
};

type Input<P extends Shape, Q extends Shape, B extends z.ZodType> = {
  ctx: TeamContext;
  holder: KeyHolder;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  headers: Headers;
};

type Definition<P extends Shape, Q extends Shape, B extends z.ZodType> = Pick<
  Described,
  "method" | "path" | "id" | "tag" | "summary" | "scope" | "answer"
> & {
  params?: P;
  query?: Q;
  body?: B;
  headers?: Record<string, string>;
  status?: Described["status"];
  /** calls the domain verb; the answer's own schema decides what of the output leaves */
  handle: (input: Input<P, Q, B>) => Promise<unknown>;
};

export function endpoint<P extends Shape, Q extends Shape, B extends z.ZodType>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { params, query, body, headers = {}, status = 200, handle, ...described } = definition;
  const { answer } = described;
  return {
    ...described,
    ...{ params: params ?? null, query: query ?? null, body: body ?? null, headers, status },
    answerTo: async (call) => {
      const output = await handle({
        ctx: call.holder.team,
        holder: call.holder,
        params: readParams(params, call.params),
        query: readQuery(query, call.query),
        body: readBody(body, call.body),
        headers: call.headers,
      });
      return answer !== null && "schema" in answer ? answer.schema.parse(output) : output;
    },
  };
}
