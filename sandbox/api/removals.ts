import { neededHealthy, selects } from "../cluster/budget-status.ts";
import { storageName } from "../cluster/resources.ts";
import { time } from "../objects/time.ts";
import type { ApiObject } from "../objects/types.ts";
import { parseObject, readBody } from "./body.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { ApiError, conflict, notFound } from "./status.ts";
import { existing, isDryRun, keyOfCall, withKind } from "./writes.ts";

type DeleteOptions = {
  dryRun?: string[];
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string };
};

async function readDeleteOptions(call: ResourceCall): Promise<DeleteOptions> {
  const body = await readBody(call.request);
  return body === "" ? {} : parseObject(body, "DeleteOptions");
}

export async function remove(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const options = await readDeleteOptions(call);
  const dry = isDryRun([...call.query.getAll("dryRun"), ...(options.dryRun ?? [])], "DeleteOptions");
  const object = existing(cluster, call);
  const { uid } = object.metadata;
  if (options.preconditions?.uid !== undefined && options.preconditions.uid !== uid) {
    const why = `the UID in the precondition (${options.preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict({ group: "", name: call.resource.kind }, call.name ?? "", why);
  }
  const answer =
    call.resource.name === "pods"
      ? { status: 200, object: withKind(call, terminating(object, graceOf(call, options))) }
      : { status: 200, object: deleted(call, uid) };
  if (!dry) removeStored(cluster, call);
  return answer;
}

function removeStored(cluster: Cluster, call: ResourceCall): void {
  const { resource, namespace = "", name = "" } = call;
  const { kind } = resource;
  if (kind === "Pod") cluster.controllers.deletePod(namespace, name);
  else if (
    kind === "Deployment" ||
    kind === "ReplicaSet" ||
    kind === "StatefulSet" ||
    kind === "DaemonSet" ||
    kind === "Job"
  ) {
    cluster.controllers.deleteOwner(kind, namespace, name);
  } else cluster.store.remove(storageName(resource), keyOfCall(call));
}

function graceOf(call: ResourceCall, options: DeleteOptions): number {
  const asked = call.query.get("gracePeriodSeconds");
  return options.gracePeriodSeconds ?? (asked === null ? 30 : Number(asked));
}

/** The last sight of a pod: it gets its deadline, and its generation counts up. */
function terminating(pod: ApiObject, graceSeconds: number): ApiObject {
  const {
    name,
    namespace,
    uid,
    resourceVersion,
    generation = 1,
    generateName,
    creationTimestamp,
    ...rest
  } = pod.metadata;
  return {
    ...pod,
    metadata: {
      name,
      ...(generateName && { generateName }),
      ...(namespace && { namespace }),
      uid,
      resourceVersion,
      generation: generation + 1,
      creationTimestamp,
      deletionTimestamp: time(Date.now() + graceSeconds * 1_000),
      deletionGracePeriodSeconds: graceSeconds,
      ...rest,
    },
  };
}

function deleted({ resource, name }: ResourceCall, uid: string | undefined): Record<string, unknown> {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(resource.group && { group: resource.group }), kind: resource.name, uid },
  };
}

type Budget = {
  spec?: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: Parameters<typeof selects>[0];
  };
};

/** POST …/pods/{name}/eviction: a delete that asks the disruption budgets first. */
export async function evict(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const body = parseObject(await readBody(call.request), "Eviction");
  const options: DeleteOptions =
    typeof body.deleteOptions === "object" && body.deleteOptions ? body.deleteOptions : {};
  const dry = isDryRun([...call.query.getAll("dryRun"), ...(options.dryRun ?? [])], "DeleteOptions");
  const { namespace = "", name = "" } = call;
  const pod = cluster.store.get("pods", `${namespace}/${name}`);
  if (!pod) throw notFound({ group: "", name: "pods" }, name);
  refuseIfBudgetIsSpent(cluster, namespace, pod);
  if (!dry) cluster.controllers.deletePod(namespace, name);
  return {
    status: 201,
    object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
  };
}

function refuseIfBudgetIsSpent(cluster: Cluster, namespace: string, pod: ApiObject): void {
  const inside = `${namespace}/`;
  const { store } = cluster;
  for (const [, budget] of store.of("poddisruptionbudgets.policy").walk(inside, inside, store.revision)) {
    const { spec } = budget as Budget;
    const matches = ({ metadata }: ApiObject) => selects(spec?.selector, metadata.labels);
    if (!matches(pod)) continue;
    const covered = [...store.of("pods").walk(inside, inside, store.revision)].filter(([, one]) =>
      matches(one),
    );
    const healthy = covered.filter(
      ([, one]) => (one.status as { phase?: string } | undefined)?.phase === "Running",
    );
    const needed = neededHealthy(spec ?? {}, covered.length);
    if (healthy.length - 1 >= needed) continue;
    throw new ApiError(
      429,
      "TooManyRequests",
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy.length} currently`,
            },
          ],
        },
      },
    );
  }
}
