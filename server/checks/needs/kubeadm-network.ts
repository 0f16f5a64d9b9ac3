import { type IpRange, parseRange, rangesMeet, rangeText } from "#common/kubernetes/ip-range.ts";
import type { KubeadmProblem, Rule } from "./kubeadm-problem.ts";

/** Ranges and names: what a cluster keeps for its life, so that a mistake is found late and is dear. */

export const ranges: Rule = (document) => {
  if (document.kind !== "ClusterConfiguration") return [];
  const problems: KubeadmProblem[] = [];
  const read = (name: "podSubnet" | "serviceSubnet"): IpRange[] => {
    const path = ["networking", name];
    const text = document.text(path);
    return (text === undefined || text === "" ? [] : text.split(",")).flatMap((part) => {
      const range = parseRange(part.trim());
      const at = document.place(path);
      if (!range)
        problems.push({
          ...{ code: "range-invalid", verdict: "fail", path: path.join("."), at, observed: part },
          expected: "10.244.0.0/16",
          message: {
            en: `${name} "${part}" is no range of addresses.`,
            "zh-CN": `${name}“${part}”不是地址范围。`,
          },
        });
      else if (name === "serviceSubnet" && range.prefix < (range.version === 4 ? 12 : 108))
        problems.push({
          ...{
            code: "range-too-large",
            verdict: "fail",
            path: path.join("."),
            at,
            observed: rangeText(range),
          },
          expected:
            range.version === 4
              ? { en: "/12 or smaller", "zh-CN": "/12 或更小" }
              : { en: "/108 or smaller", "zh-CN": "/108 或更小" },
          message: {
            en: `The API server refuses a range for Services of more than 20 bits: ${rangeText(range)}.`,
            "zh-CN": `API 服务器不接受超过 20 位的 Service 范围：${rangeText(range)}。`,
          },
        });
      else if (name === "podSubnet" && range.version === 4 && range.prefix > 24)
        problems.push({
          ...{
            code: "range-too-small",
            verdict: "fail",
            path: path.join("."),
            at,
            observed: rangeText(range),
          },
          expected: { en: "/24 or larger, one /24 for each node", "zh-CN": "/24 或更大，每个节点一个 /24" },
          message: {
            en: `Each node gets a /24 of its own; ${rangeText(range)} does not hold one.`,
            "zh-CN": `每个节点要分到一个 /24；${rangeText(range)} 连一个也容不下。`,
          },
        });
      return range ? [range] : [];
    });
  };
  const [pods, services] = [read("podSubnet"), read("serviceSubnet")];
  const meeting = pods.find((one) => services.some((other) => rangesMeet(one, other)));
  if (meeting)
    problems.push({
      ...{ code: "ranges-overlap", verdict: "fail", path: "networking.podSubnet" },
      at: document.place(["networking", "podSubnet"]),
      observed: {
        en: `${rangeText(meeting)} and ${services.map(rangeText).join(", ")}`,
        "zh-CN": `${rangeText(meeting)} 与 ${services.map(rangeText).join("、")}`,
      },
      expected: { en: "ranges that do not meet", "zh-CN": "互不重叠的网段" },
      message: {
        en: "The ranges of pods and Services overlap: an address then belongs to both, and one of them is not reached.",
        "zh-CN": "Pod 与 Service 的地址范围重叠：同一个地址属于两边，其中一边会不可达。",
      },
    });
  return problems;
};

const dnsName =
  /^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const address = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$|^\d{1,3}(\.\d{1,3}){3}$/;

export const names: Rule = (document) => {
  const problems: KubeadmProblem[] = [];
  for (let index = 0; index < document.size(["apiServer", "certSANs"]); index += 1) {
    const path = ["apiServer", "certSANs", index];
    const name = document.text(path) ?? "";
    if (dnsName.test(name) || address.test(name)) continue;
    problems.push({
      ...{ code: "certificate-name-invalid", verdict: "fail", path: `apiServer.certSANs[${index}]` },
      ...{
        at: document.place(path),
        observed: name,
        expected: { en: "a host name or an address, alone", "zh-CN": "单独一个主机名或地址" },
      },
      message: {
        en: `"${name}" cannot stand in a certificate: names there have no scheme, port or path.`,
        "zh-CN": `“${name}”不能写进证书：这里的名称不带协议、端口和路径。`,
      },
    });
  }
  const endpoint = document.text(["controlPlaneEndpoint"]);
  if (endpoint !== undefined && endpoint !== "" && !isEndpoint(endpoint))
    problems.push({
      ...{ code: "endpoint-invalid", verdict: "fail", path: "controlPlaneEndpoint", observed: endpoint },
      ...{ at: document.place(["controlPlaneEndpoint"]), expected: "api.example.com:6443" },
      message: {
        en: `"${endpoint}" is neither a name nor an address with a port.`,
        "zh-CN": `“${endpoint}”既不是名称，也不是带端口的地址。`,
      },
    });
  return problems;
};

const domainName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** kubeadm refuses both before it begins. */
export const domainAndRoom: Rule = (document) => {
  if (document.kind !== "ClusterConfiguration") return [];
  const problems: KubeadmProblem[] = [];
  const domain = document.text(["networking", "dnsDomain"]) ?? "";
  if (domain !== "" && (!domainName.test(domain) || domain.length > 253))
    problems.push({
      ...{ code: "dns-domain-invalid", verdict: "fail", path: "networking.dnsDomain", observed: domain },
      ...{ at: document.place(["networking", "dnsDomain"]), expected: "cluster.local" },
      message: {
        en: `"${domain}" is no domain name: small letters, digits, dots and hyphens alone.`,
        "zh-CN": `“${domain}”不是合法的域名：只能用小写字母、数字、点和连字符。`,
      },
    });
  const path = ["networking", "serviceSubnet"];
  const services = (document.text(path) ?? "").split(",").flatMap((part) => parseRange(part.trim()) ?? []);
  for (const range of services.filter(({ version, prefix }) => prefix > (version === 4 ? 28 : 124)))
    problems.push({
      ...{ code: "range-too-small", verdict: "fail", path: path.join("."), at: document.place(path) },
      ...{
        observed: rangeText(range),
        expected: { en: "10 addresses at least", "zh-CN": "至少 10 个地址" },
      },
      message: {
        en: `kubeadm refuses a range for Services of fewer than 10 addresses: ${rangeText(range)}.`,
        "zh-CN": `kubeadm 不接受少于 10 个地址的 Service 范围：${rangeText(range)}。`,
      },
    });
  return problems;
};

function isEndpoint(text: string): boolean {
  const [, host = "", port] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const bare = host.replace(/^\[|\]$/g, "");
  return (dnsName.test(bare) || address.test(bare)) && (port === undefined || Number(port) <= 65_535);
}
