import type { NeedRequest } from "#server/checks/needs/need.ts";
import { needWords } from "#server/engine/need-words.ts";

/** What a need reads, in words. */
export function readsOf(need: NeedRequest): string {
  switch (need.type) {
    case "kubernetes.list":
      return `every ${need.kind.kind}`;
    case "kubernetes.get":
      return `one ${need.kind.kind}`;
    case "tls.handshake":
      return "one TLS handshake";
    case "document.text":
      return "the text a person supplies";
    case "sampled":
      return `${readsOf(need.need)} twice, ${need.windowMs / 1000} s apart`;
    default:
      return `\`${needWords(need).what}\``;
  }
}
