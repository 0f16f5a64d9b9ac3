import type { HostRequest, NeedRequest } from "#server/checks/needs/need.ts";

function hostReads(need: HostRequest): string {
  if (need.type === "host.file") return `\`${need.path}\``;
  if (need.type === "host.glob") return `\`${need.pattern}\``;
  return `\`${need.argv.join(" ")}\``;
}

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
      return `${hostReads(need.need)} twice, ${need.windowMs / 1000} s apart`;
    default:
      return hostReads(need);
  }
}
