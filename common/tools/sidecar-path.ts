/** The rules that Istio writes into a pod, and which way a connection takes through them. */

export const journeys = [
  "inbound",
  "outbound",
  "proxy-outbound",
  "own-service",
  "localhost",
  "probe",
] as const;
export type Journey = (typeof journeys)[number];

export type SidecarInput = {
  journey: Journey;
  port: number;
  excludedInbound: readonly number[];
  excludedOutbound: readonly number[];
  /** the program runs as the proxy's user */
  asProxy: boolean;
};

export type PathStep = { chain: string; rule: string; hit: boolean };
export type SidecarPath = {
  steps: PathStep[];
  /** where the connection arrives: a port of the proxy, or past it */
  end: "15001" | "15006" | "past" | "proxy-port";
};

type Packet = { port: number; loopback: boolean; toLocalhost: boolean; byProxy: boolean };
type Rule = { chain: string; rule: string; matches: (packet: Packet) => boolean; target: string };

export const proxyUid = 1337;
/** The proxy's own: HBONE, Envoy's and the agent's metrics, readiness. */
export const ownPorts = [15008, 15090, 15021, 15020] as const;

const always = () => true;
const rule = (chain: string, words: string, target: string, matches: Rule["matches"] = always): Rule => ({
  chain,
  rule: `-A ${chain} ${words}`,
  matches,
  target,
});

/** In the order of the table; the first that matches decides. */
export function sidecarRules({
  excludedInbound,
  excludedOutbound,
}: Pick<SidecarInput, "excludedInbound" | "excludedOutbound">): Rule[] {
  const back = (chain: string, port: number) =>
    rule(chain, `-p tcp --dport ${port} -j RETURN`, "RETURN", (packet) => packet.port === port);
  return [
    rule("PREROUTING", "-p tcp -j ISTIO_INBOUND", "ISTIO_INBOUND"),
    rule("OUTPUT", "-j ISTIO_OUTPUT", "ISTIO_OUTPUT"),
    ...ownPorts.map((port) => back("ISTIO_INBOUND", port)),
    ...excludedInbound
      .filter((port) => !ownPorts.some((own) => own === port))
      .map((port) => back("ISTIO_INBOUND", port)),
    rule("ISTIO_INBOUND", "-p tcp -j ISTIO_IN_REDIRECT", "ISTIO_IN_REDIRECT"),
    rule("ISTIO_IN_REDIRECT", "-p tcp -j REDIRECT --to-ports 15006", "15006"),
    ...excludedOutbound.map((port) => back("ISTIO_OUTPUT", port)),
    rule("ISTIO_OUTPUT", "-s 127.0.0.6/32 -o lo -j RETURN", "RETURN", () => false),
    rule(
      "ISTIO_OUTPUT",
      `! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 -m owner --uid-owner ${proxyUid} -j ISTIO_IN_REDIRECT`,
      "ISTIO_IN_REDIRECT",
      ({ loopback, toLocalhost, byProxy, port }) => byProxy && loopback && !toLocalhost && port !== 15008,
    ),
    rule(
      "ISTIO_OUTPUT",
      `-o lo -m owner ! --uid-owner ${proxyUid} -j RETURN`,
      "RETURN",
      ({ loopback, byProxy }) => loopback && !byProxy,
    ),
    rule("ISTIO_OUTPUT", `-m owner --uid-owner ${proxyUid} -j RETURN`, "RETURN", ({ byProxy }) => byProxy),
    rule("ISTIO_OUTPUT", "-d 127.0.0.1/32 -j RETURN", "RETURN", ({ toLocalhost }) => toLocalhost),
    rule("ISTIO_OUTPUT", "-j ISTIO_REDIRECT", "ISTIO_REDIRECT"),
    rule("ISTIO_REDIRECT", "-p tcp -j REDIRECT --to-ports 15001", "15001"),
  ];
}

function packetOf({ journey, port, asProxy }: SidecarInput): Packet {
  const loopback = journey === "own-service" || journey === "localhost";
  return {
    port: journey === "probe" ? 15021 : port,
    loopback,
    toLocalhost: journey === "localhost",
    byProxy: journey === "proxy-outbound" || journey === "own-service" || asProxy,
  };
}

/** Rules are shown as they are tried, the last of each chain that is entered being the one that matches. */
export function sidecarPath(input: SidecarInput): SidecarPath {
  const rules = sidecarRules(input);
  const packet = packetOf(input);
  const steps: PathStep[] = [];
  let chain = input.journey === "inbound" || input.journey === "probe" ? "PREROUTING" : "OUTPUT";
  for (;;) {
    const here = rules.filter((one) => one.chain === chain);
    const match = here.find((one) => one.matches(packet));
    for (const one of match ? here.slice(0, here.indexOf(match) + 1) : here)
      steps.push({ chain, rule: one.rule, hit: one === match });
    const target = match?.target ?? "RETURN";
    if (target === "15001" || target === "15006") return { steps, end: target };
    if (target === "RETURN") {
      const own = ownPorts.some((port) => port === packet.port) && chain === "ISTIO_INBOUND";
      return { steps, end: own ? "proxy-port" : "past" };
    }
    chain = target;
  }
}

/** "8080, 9090" → ports; null where something in it is none. */
export function readPorts(text: string): number[] | null {
  const parts = text.split(",").map((part) => part.trim());
  const filled = parts.filter((part) => part !== "");
  if (!filled.every((part) => /^\d{1,5}$/.test(part))) return null;
  const ports = [...new Set(filled.map(Number))];
  return ports.every((port) => port >= 1 && port <= 65_535) ? ports : null;
}
