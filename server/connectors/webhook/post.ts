import type { ReadContext } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { parseHttpUrl } from "../http/address.ts";
import { createExchanger } from "../http/exchange.ts";
import { headerOf } from "../http/headers.ts";

export type Posted = {
  status: number;
  retryAfter: string | undefined;
  /** the first of the answer, as it came */
  answer: string;
};

const connectTimeoutMs = 5_000;
const requestTimeoutMs = 15_000;
const answerBytes = 2_048;

/**
 * Posts JSON once, over a connection of its own from the dialler. No redirect is followed, so that nothing goes where
 * nobody said. Rejects with ReadError where no whole answer came.
 */
export async function postJson(
  {
    dialler,
    url,
    body,
    headers,
  }: { dialler: Dialler; url: string; body: string; headers: Record<string, string> },
  context: ReadContext,
): Promise<Posted> {
  // Who the address is of may be said, the rest of it is as good as a password.
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const what = `POST to ${parsed?.host ?? "the webhook"}`;
  const settings = {
    ...{ dialler, trust: () => ({}), protocols: ["http/1.1"] as const },
    ...{ connectTimeoutMs, requestTimeoutMs },
  };
  const exchanger = createExchanger(settings, { keepAlive: false });
  const message = {
    ...{ what, method: "POST" as const, url: parseHttpUrl(url, what), maxBodyBytes: answerBytes },
    headers: {
      ...{ accept: "*/*", "accept-encoding": "identity", "user-agent": "weekbook" },
      ...{ "content-type": "application/json; charset=utf-8", ...headers },
    },
    body: Buffer.from(body),
  };
  try {
    const { status, headers: answered, kept } = await exchanger.exchange(message, context);
    return { status, retryAfter: headerOf(answered, "retry-after"), answer: kept.toString("utf8") };
  } finally {
    exchanger.close();
  }
}
