import { groupOrder } from "../cluster/resources.ts";
import type { Store } from "../cluster/store.ts";

export type SilentApi = { group: string; version: string };

type Service = {
  spec?: { group?: string; version?: string; service?: object };
  status?: { conditions?: { type: string; status: string }[] };
};

const stored = "apiservices.apiregistration.k8s.io";

/** Aggregated APIs whose server does not answer: listed in discovery all the same, as stale. */
export function silentApis(store: Store): SilentApi[] {
  const found: SilentApi[] = [];
  for (const [, object] of store.of(stored).walk("", "", store.revision)) {
    const { spec, status } = object as unknown as Service;
    const { group, version, service } = spec ?? {};
    const isDown = status?.conditions?.some(({ type, status: is }) => type === "Available" && is === "False");
    if (group && version && service && isDown && !groupOrder.includes(group)) found.push({ group, version });
  }
  return found;
}
