import { z } from "zod";
import type { RunSelection } from "#common/contracts/run.ts";
import { runSelectionSchema } from "#common/contracts/run.ts";
import type { Check } from "../checks/define-check.ts";
import type { Target } from "../connectors/connector.ts";
import type { Database } from "../db.ts";
import type { Queue } from "../domain/context.ts";
import type { Asked } from "../engine/ask.ts";
import { type Attempt, underFence } from "./attempt.ts";

/** Hosts of one part: a worker killed in the middle of a thousand hosts has a tenth of them to do again. */
const HOSTS_PER_PART = 100;

/** What a part is to ask of which targets, and what it was to ask of hosts that are not there any more. */
type Work = { selection: RunSelection; targets: readonly Target[]; gone: Asked[] };

/**
 * What this part has to do. The hosts of a cluster that has many are handed to parts of their own, each with its job;
 * none of them has been opened by then. What was handed out once stays so, whatever becomes of the host group.
 */
export async function shareHosts(
  options: { db: Database; queue: Queue; library: readonly Check[] },
  attempt: Attempt,
  targets: readonly Target[],
): Promise<Work> {
  const selection = selectionOn(attempt);
  const hostChecks = new Set(options.library.filter(({ target }) => target === "host").map(({ id }) => id));
  const asksHosts = ({ id }: RunSelection[number]) => hostChecks.has(id);
  let hosts = hostsSchema.parse(attempt.part.hosts);
  const found = targets.flatMap((target) => (target.kind === "host" ? [target.key] : []));
  if (hosts === null && found.length > HOSTS_PER_PART && selection.some(asksHosts)) {
    await handOut(options, attempt, found);
    hosts = [];
  }
  if (hosts === null) return { selection, targets, gone: [] };
  if (hosts.length === 0) {
    return {
      selection: selection.filter((each) => !asksHosts(each)),
      targets: targets.filter(({ kind }) => kind !== "host"),
      gone: [],
    };
  }
  const missing = new Set(hosts);
  const ofHosts = selection.filter(asksHosts);
  const own = targets.filter(({ kind, key }) => kind === "host" && missing.delete(key));
  const gone = goneOf(ofHosts, [...missing], options.library);
  return { selection: own.length > 0 ? ofHosts : [], targets: own, gone };
}

/** A host that was to be asked and cannot be any more is not left out: nobody knows how it is. */
function goneOf(selection: RunSelection, hosts: readonly string[], library: readonly Check[]): Asked[] {
  const versions = new Map(library.map(({ id, version }) => [id, version]));
  const reason = { code: "no-target", what: "the host", detail: "it was taken away during the run" } as const;
  return hosts.flatMap((target) =>
    selection.map(({ id, params }) => ({
      ...{ key: `${id} ${target}`, checkId: id, checkVersion: versions.get(id) ?? 0, params },
      ...{ target, targetName: target, verdict: "unknown" as const, reason },
    })),
  );
}

const hostsSchema = z.array(z.string()).nullable();

/** The run's checks with the parameters that hold on the part's cluster, and what was agreed to there. */
function selectionOn({ run, part }: Attempt): RunSelection {
  return runSelectionSchema.parse(run.selection).map(({ on, confirmed, ...each }) => ({
    ...each,
    params: on?.[part.clusterId]?.params ?? each.params,
    confirmed: confirmed?.filter(({ cluster }) => cluster === part.clusterId),
  }));
}

async function handOut(
  { db, queue }: { db: Database; queue: Queue },
  attempt: Attempt,
  hosts: readonly string[],
): Promise<void> {
  const { runId, teamId, clusterId, ordinal } = attempt.part;
  await underFence(db, attempt, async (tx, raise) => {
    // The run's row orders those who add parts at the same time.
    await raise();
    await tx.runPart.update({ where: { runId_ordinal: { runId, ordinal } }, data: { hosts: [] } });
    const first = await tx.runPart.count({ where: { runId } });
    for (let index = 0; index * HOSTS_PER_PART < hosts.length; index += 1) {
      const share = hosts.slice(index * HOSTS_PER_PART, (index + 1) * HOSTS_PER_PART);
      const part = first + index;
      await tx.runPart.create({ data: { runId, ordinal: part, teamId, clusterId, hosts: share } });
      await queue.enqueue(tx, "run-checks", { runId, teamId, part }, { behind: index });
    }
  });
}
