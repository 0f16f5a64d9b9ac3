import type { RunSelection } from "#common/contracts/run.ts";
import type { Reason, TargetKind } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import type { Target } from "../connectors/connector.ts";
import type { Question } from "./execution.ts";

/** One check asked of one target, or why it cannot be asked at all: either becomes a result. */
export type Asked = {
  key: string;
  checkId: string;
  checkVersion: number;
  params: Record<string, unknown>;
  target: string;
  targetName: string;
} & ({ question: Question } | { verdict: "skip" | "unknown"; reason: Reason });

/** Stands for the target where a cluster has none of the kind. */
const none = { target: "none", targetName: "none" };

/** Every chosen check with every target of its kind. */
export function askAll(
  selection: RunSelection,
  library: readonly Check[],
  targets: readonly Target[],
): Asked[] {
  const byId = new Map(library.map((check) => [check.id, check]));
  return selection.flatMap(({ id, params, document }): Asked[] => {
    const check = byId.get(id);
    const base = { checkId: id, checkVersion: check?.version ?? 0, params };
    const without = (verdict: "skip" | "unknown", reason: Reason): Asked[] => [
      { key: `${id} ${none.target}`, ...base, ...none, verdict, reason },
    ];
    if (!check) return without("unknown", { code: "internal", what: id, detail: "there is no such check" });
    const parsed = check.params.safeParse(params);
    if (!parsed.success) {
      return without("unknown", {
        code: "malformed",
        what: `parameters of ${id}`,
        detail: parsed.error.message,
      });
    }
    const fitting = targets.filter((target) => target.kind === check.target);
    if (fitting.length === 0) return without("skip", { code: "no-target", what: kindWords[check.target] });
    return fitting.map((target) => {
      const key = `${id} ${target.key}`;
      const question: Question = { key, check, params: parsed.data, target, document };
      return { key, ...base, target: target.key, targetName: target.name, question };
    });
  });
}

const kindWords: Record<TargetKind, string> = {
  kubernetes: "a Kubernetes API",
  host: "a host",
  endpoint: "an endpoint",
  document: "a document",
};
