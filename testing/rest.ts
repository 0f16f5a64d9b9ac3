import type { ApiScope } from "#common/contracts/api-key.ts";
import { handleRest } from "#server/api/rest/handle.ts";
import { createApiKey } from "#server/domain/api-keys/create.ts";
import type { TeamContext } from "#server/domain/context.ts";
import type { TestInstance } from "./instance.ts";

export type RestAnswer = { status: number; headers: Headers; text: string; json: unknown };

/** Asks the API as a request over the network would. `secret` null: without a key. */
export async function askRest(
  instance: TestInstance,
  secret: string | null,
  target: string,
  { body, ...init }: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<RestAnswer> {
  const headers = new Headers(init.headers);
  if (secret !== null) headers.set("authorization", `Bearer ${secret}`);
  if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request(`http://127.0.0.1:3000/api/v1${target}`, { ...init, headers, body: text });
  const response = await handleRest(request, instance.services);
  const answer = await response.text();
  return { status: response.status, headers: response.headers, text: answer, json: parsed(answer) };
}

/** A key made by this member, of which only the secret is wanted. */
export async function makeKey(
  ctx: TeamContext,
  scopes: ApiScope[] = ["read", "run", "write"],
): Promise<string> {
  return (await createApiKey({ ctx, input: { name: "of a test", scopes, days: 30 } })).secret;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
