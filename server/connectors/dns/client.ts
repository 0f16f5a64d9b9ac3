import type { DnsAnswer, DnsRequest } from "../../checks/needs/endpoint-requests.ts";
import type { EndpointConnector, ReadContext } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readError } from "../read-error.ts";
import { askDoh } from "./doh.ts";
import { askTcp, askUdp } from "./plain.ts";
import { askSystem, type SystemResolver, systemResolver } from "./system.ts";
import { questionName } from "./wire.ts";

/** A registered resolver. More roots are for its own address alone. */
export type OwnDns =
  | { transport: "udp" | "tcp"; host: string; port: number }
  | { transport: "doh-wire" | "doh-json"; url: string; extraRootsPem?: string };

export type DnsConnectorOptions = {
  dialler: Dialler;
  own?: OwnDns;
  connectTimeoutMs?: number;
  answerTimeoutMs?: number;
  system?: SystemResolver;
};

export function createDnsConnector(options: DnsConnectorOptions): EndpointConnector<DnsRequest> {
  const { dialler, own } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? 5_000;
  const answerTimeoutMs = options.answerTimeoutMs ?? 5_000;

  async function ask(request: DnsRequest, context: ReadContext): Promise<DnsAnswer> {
    const via = request.via ?? own;
    const what = `${request.recordType} of ${request.name}`;
    if (!via) {
      throw readError(
        "not-supplied",
        what,
        "no-address",
        "neither the request nor the target names a resolver",
      );
    }
    const question = { name: questionName(request.name, what), recordType: request.recordType, what };
    const plain = { dialler, connectTimeoutMs, answerTimeoutMs };
    switch (via.transport) {
      case "system":
        return askSystem(question, options.system ?? systemResolver, { context, timeoutMs: answerTimeoutMs });
      case "udp":
        return askUdp(question, via, { options: plain, context });
      case "tcp":
        return askTcp(question, via, { options: plain, context });
      default: {
        const isOwn = own !== undefined && "url" in own && sameOrigin(own.url, via.url);
        const trust = isOwn ? { extraRootsPem: own.extraRootsPem } : {};
        return askDoh(question, via, { options: { ...plain, trust }, context });
      }
    }
  }

  return {
    read: async (request, context) => ({ value: rounded(await ask(request, context)) }),
    close: () => Promise.resolve(),
  };
}

function rounded(answer: DnsAnswer): DnsAnswer {
  return { ...answer, ms: Math.round(answer.ms * 100) / 100 };
}

function sameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}
