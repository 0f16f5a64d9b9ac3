import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { clashes } from "./port-bindings.ts";
import { wordsOf } from "./published-port-findings.ts";
import type { DockerPorts } from "./published-ports.ts";

/** Copies kept for a way back are no trouble; one that the engine starts by itself is. */
export function claimedTwice(machine: string, { files, known }: DockerPorts): Finding[] {
  const engine = new Map(known.map((one) => [one.id, one]));
  const claims = files
    .filter(({ id, startsAlone }) => startsAlone || engine.get(id)?.running)
    .map(({ id, name, bindings }) => ({ id, name, bindings: engine.get(id)?.configured ?? bindings ?? [] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return claims.flatMap((claim, at) => {
    const rivals = claims
      .slice(at + 1)
      .filter(({ bindings }) => bindings.some((one) => claim.bindings.some((two) => clashes(one, two))));
    const [first] = rivals;
    if (!first) return [];
    const names = rivals.map(({ name }) => name).join(", ");
    const idle = [claim, ...rivals].find(({ id }) => !engine.get(id)?.running) ?? first;
    const finding: Finding = {
      ...{ verdict: "warn", code: "port-claimed-twice" },
      subject: { kind: "host", name: machine, part: claim.name },
      message: {
        en: `${claim.name} and ${names} are configured with the same host port, and the engine starts them all by itself: whichever comes second stays down.`,
        "zh-CN": `${claim.name} 与 ${names} 配置了同一个主机端口，引擎又会自动启动它们：后启动的会失败。`,
      },
      observed: wordsOf(claim.bindings),
      expected: "one container a port",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Keep the one that is not wanted from starting by itself",
            "zh-CN": "让不需要的那个不再自动启动",
          },
          command: shellCommand("docker", "update", "--restart=no", idle.name),
        },
      ],
    };
    return [finding];
  });
}
