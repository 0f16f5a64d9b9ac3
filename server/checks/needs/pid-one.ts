import type { Container, Pod, PodSpec } from "kubernetes-types/core/v1.d.ts";
import { hearsTerm, type PidOneKind, pidOneOf } from "#common/tools/pid-1.ts";
import { withExec } from "#common/tools/pid-1-fixes.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What PID 1 of a pod's containers needs: the commands that are written in the pod, and ends that took too long. */

export const pidOneCodes = [
  "killed-after-grace",
  "shell-as-pid-1",
  "package-manager-as-pid-1",
  "idle-as-pid-1",
] as const;
export type PidOneCode = (typeof pidOneCodes)[number];

export type DeafContainer = {
  name: string;
  code: PidOneCode;
  program: string;
  /** the command as it is written, cut */
  command: string;
  /** a script with `exec` before its last command */
  better?: string;
  finishedAt?: string;
};
export type DeafPod = OwnedPod & { graceSeconds: number; deletedAt?: string; containers: DeafContainer[] };

const codeOf: Partial<Record<PidOneKind, PidOneCode>> = {
  shell: "shell-as-pid-1",
  "package-manager": "package-manager-as-pid-1",
  idle: "idle-as-pid-1",
};

/** Whoever ends the process in a preStop hook does not depend on the signal. */
function endsItself({ lifecycle }: Container): boolean {
  const hook = lifecycle?.preStop?.exec?.command?.join(" ") ?? "";
  return (
    /\b(kill|pkill|killall|quit|stop|shutdown|drain)\b/.test(hook) ||
    lifecycle?.preStop?.httpGet !== undefined
  );
}

function written(container: Container): DeafContainer[] {
  // Without a command the image's own entry point runs, which the API server does not know.
  if (!container.command || endsItself(container)) return [];
  const argv = [...container.command, ...(container.args ?? [])];
  const pidOne = pidOneOf(argv);
  const code = hearsTerm(pidOne) === true ? undefined : codeOf[pidOne.kind];
  if (!code) return [];
  const script = pidOne.kind === "shell" && argv.length === 3 ? (argv[2] ?? "") : "";
  const simple =
    script !== "" && script.length < 300 && !/\b(while|until|for|if|case)\b|[|`]|&\s*$|& /.test(script);
  return [
    {
      name: container.name,
      code,
      program: pidOne.program,
      command: JSON.stringify(argv).slice(0, 240),
      ...(simple && { better: withExec(script) }),
    },
  ];
}

/** Ended by SIGKILL when the grace period of a deletion had run out. */
function killed(pod: Pod): DeafContainer[] {
  const deletedAt = pod.metadata?.deletionTimestamp;
  if (deletedAt === undefined) return [];
  const specs = new Map(pod.spec?.containers.map((one) => [one.name, one]));
  return (pod.status?.containerStatuses ?? []).flatMap(({ name, state }) => {
    const end = state?.terminated;
    if (end?.exitCode !== 137 || end.reason === "OOMKilled" || !end.finishedAt) return [];
    if (Date.parse(end.finishedAt) < Date.parse(deletedAt) - 2_000) return [];
    const { command = [], args = [] } = specs.get(name) ?? {};
    const argv = [...command, ...args];
    const program = pidOneOf(argv).program;
    const shown = command.length > 0 ? JSON.stringify(argv).slice(0, 240) : "";
    return [
      { name, code: "killed-after-grace" as const, program, command: shown, finishedAt: end.finishedAt },
    ];
  });
}

/** In a shared or the host's process namespace a container's process is not PID 1. */
function itsOwnPidOne(spec: PodSpec | undefined): boolean {
  return !spec?.shareProcessNamespace && !spec?.hostPID;
}

export function pickDeafPod(pod: Pod): DeafPod | undefined {
  const { metadata, spec, status } = pod;
  const graceSeconds = spec?.terminationGracePeriodSeconds ?? 30;
  const finished = status?.phase === "Succeeded" || status?.phase === "Failed";
  const lasting = (spec?.restartPolicy ?? "Always") === "Always" && !finished;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const ended = killed(pod);
  const told = new Set(ended.map(({ name }) => name));
  const deaf =
    lasting && itsOwnPidOne(spec) && graceSeconds > 2
      ? [...sidecars, ...(spec?.containers ?? [])].flatMap(written).filter(({ name }) => !told.has(name))
      : [];
  const containers = [...ended, ...deaf];
  if (containers.length === 0) return undefined;
  const deletedAt = metadata?.deletionTimestamp;
  return { ...pickOwner(metadata), graceSeconds, ...(deletedAt && { deletedAt }), containers };
}
