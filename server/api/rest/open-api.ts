import type { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { type JsonSchema, namedSchemas, schemaOfInput } from "./json-schema.ts";
import { problemSchema } from "./problem.ts";

const description = `Everything a program may ask of one team. Send an API key as \`Authorization: Bearer wbk_…\`; keys are made
in the settings of a team, with scopes and an end. Lists are paged: \`next\` of one answer is \`cursor\` of the next request.
Errors are problem documents (RFC 9457). Fields may be added to answers; unknown parameters are refused.`;

/** The OpenAPI 3.1 document: the very endpoints that answer, with the schemas that their input and output go through. */
export function openApiDocument(publicUrl: string): JsonSchema {
  return {
    openapi: "3.1.1",
    info: {
      title: "Weekbook",
      version: "1",
      description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: new URL("/api/v1", publicUrl).href }],
    security: [{ key: [] }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: paths(),
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key: wbk_…" } },
      schemas: namedSchemas({ ...Object.fromEntries(answers()), Problem: problemSchema }),
      responses: { Problem: problemResponse, TooManyRequests: tooManyRequests },
    },
  };
}

function answers(): [string, z.ZodType][] {
  return endpoints.flatMap(({ answer }) => {
    return answer && "schema" in answer ? [[answer.name, answer.schema] as [string, z.ZodType]] : [];
  });
}

function paths(): Record<string, Record<string, JsonSchema>> {
  const all: Record<string, Record<string, JsonSchema>> = {};
  for (const endpoint of endpoints) {
    all[endpoint.path] = { ...all[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return all;
}

function operation(endpoint: Endpoint): JsonSchema {
  const { id, tag, summary, scope, body } = endpoint;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(scope === null ? {} : { description: `Needs the scope \`${scope}\`.` }),
    parameters: [
      ...parameters(endpoint.params, "path"),
      ...parameters(endpoint.query, "query"),
      ...Object.entries(endpoint.headers).map(([name, text]) => ({
        ...{ name, in: "header", required: false, description: text },
        schema: { type: "string", minLength: 8, maxLength: 100 },
      })),
    ],
    ...(body === null
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: schemaOfInput(body) } } },
        }),
    responses: {
      [endpoint.status]: success(endpoint),
      "429": { $ref: "#/components/responses/TooManyRequests" },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function parameters(shape: z.ZodObject | null, place: "path" | "query"): JsonSchema[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = schemaOfInput(shape) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: place, required: place === "path" || required.includes(name), schema },
  }));
}

function success({ answer, status, id }: Endpoint): JsonSchema {
  const headers = rateLimitHeaders;
  if (answer === null) return { description: "Done", headers };
  if ("mediaTypes" in answer) {
    const content = answer.mediaTypes.map((mediaType) => [mediaType, { schema: { type: "string" } }]);
    return { description: "A file", headers, content: Object.fromEntries(content) };
  }
  const location = { Location: { description: "Where the run is", schema: { type: "string" } } };
  return {
    description: status === 202 ? "Begun" : "The answer",
    headers: id === "startRun" ? { ...headers, ...location } : headers,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${answer.name}` } } },
  };
}

const rateLimitHeaders = {
  "RateLimit-Policy": {
    description: "How much a key may ask: q requests in w seconds",
    schema: { type: "string" },
    example: '"key";q=300;w=60',
  },
  RateLimit: {
    description: "What is left: r requests, until the window begins anew in t seconds",
    schema: { type: "string" },
    example: '"key";r=299;t=60',
  },
};

const problemContent = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const problemResponse = { description: "What went wrong", content: problemContent };
const tooManyRequests = {
  description: "The key asks too much",
  headers: {
    ...rateLimitHeaders,
    "Retry-After": { description: "Seconds to wait", schema: { type: "integer" } },
  },
  content: problemContent,
};
