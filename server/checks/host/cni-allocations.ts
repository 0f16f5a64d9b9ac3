import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import {
  attachmentsMalformed,
  type CachedResult,
  knownSandboxes,
  parseCachedResult,
  parseCniConfig,
  parseReservation,
  type Reservation,
  sandboxNeeds,
} from "../needs/cni.ts";
import { host, sampled } from "../needs/host.ts";
import {
  byNetwork,
  configUnclear,
  leaked,
  sandboxesUnread,
  unreserved,
} from "../needs/reservation-findings.ts";

type Allocation = { network: string; address: string; sandbox: string };

/** Files in a network's folder that are named like an address; `lock` and `last_reserved_ip.0` are the plugin's own. */
function allocationsOf(files: { path: string; value: Reservation }[]): Allocation[] {
  return files.flatMap(({ path, value }) => {
    const [network = "", file = ""] = path.split("/").slice(-2);
    const address = file.replaceAll("_", ":");
    return /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]+)$/i.test(address) && value.sandbox !== ""
      ? [{ network, address: address.toLowerCase(), sandbox: value.sandbox }]
      : [];
  });
}

/** Attached sandboxes of which no reservation names this address; only networks that host-local serves. */
function withoutReservation(
  attachments: CachedResult[],
  known: Set<string>,
  held: Allocation[],
  networks: Set<string>,
): Allocation[] {
  const reserved = new Set(held.map(({ address, sandbox }) => `${address} ${sandbox}`));
  return attachments
    .filter((one) => one !== null)
    .filter(({ sandbox, network }) => known.has(sandbox) && networks.has(network))
    .flatMap(({ network, sandbox, addresses }) =>
      addresses.map((address) => ({ network, sandbox, address: address.toLowerCase() })),
    )
    .filter(({ address, sandbox }) => !reserved.has(`${address} ${sandbox}`));
}

/**
 * Subject: the host, part: the network; affected: the addresses.
 * Codes: leaked (fail): reserved for a sandbox that does not exist; unreserved (fail): attached by libcni's cache, its
 * sandbox exists, but no reservation; sandboxes-unread, attachments-malformed and config-unclear (unknown).
 * The reservations are read twice: what comes or goes in between is a pod starting or ending, and no fault.
 */
export const check = defineCheck({
  id: "host/cni-allocations",
  version: 4,
  title: { en: "Pod address reservations on the node", "zh-CN": "节点上的 Pod 地址预留" },
  why: {
    en: "host-local keeps one small file per address. A file left behind loses an address for good; a file lost while its pod lives hands the address out twice.",
    "zh-CN":
      "host-local 为每个地址保存一个小文件。残留的文件会让一个地址永远用不上；Pod 还在而文件丢了，地址就会被分配两次。",
  },
  remedy: {
    en: "Remove reservations of sandboxes that are gone; recreate the pods that live without one.",
    "zh-CN": "删除沙箱已消失的预留；重建没有预留的 Pod。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    lists: host.glob("/etc/cni/net.d/*.conflist", parseCniConfig),
    single: host.glob("/etc/cni/net.d/*.conf", parseCniConfig),
    reservations: sampled(host.glob("/var/lib/cni/networks/*/*", parseReservation), 3_000),
    attachments: host.glob("/var/lib/cni/results/*", parseCachedResult),
    ...sandboxNeeds,
  },
  judge: ({ machine, lists, single, reservations, attachments, ...sandboxes }) => {
    const [before, after] = reservations.map(({ value }) => allocationsOf(value));
    const held = after ?? [];
    // flannel hands over to bridge with host-local, under the name of its own network.
    const hostLocal = [...lists, ...single].flatMap(({ value }) =>
      value?.plugins.some(({ type, ipam }) => ipam === "host-local" || type === "flannel")
        ? [value.name]
        : [],
    );
    const unclear = attachmentsMalformed(machine, attachments);
    const unreadable = [...lists, ...single].filter(({ value }) => value === null).map(({ path }) => path);
    if (hostLocal.length === 0 && held.length === 0 && unreadable.length > 0)
      return { findings: [configUnclear(machine, unreadable)] };
    if (hostLocal.length === 0 && held.length === 0)
      return { skip: { what: "no network with host-local address management on this machine" } };
    const known = knownSandboxes(sandboxes);
    const measurements = [{ name: "reserved-addresses", value: held.length, unit: "{addresses}" }];
    const networks = new Set([...hostLocal, ...held.map(({ network }) => network)]);
    const attached = attachments.filter(({ value }) => value !== null && networks.has(value.network));
    if (known === null) {
      const open = held.length + attached.length;
      return { findings: open > 0 ? [sandboxesUnread(machine, held.length)] : unclear, measurements };
    }
    const lasting = new Set(
      before?.map(({ network, address, sandbox }) => `${network} ${address} ${sandbox}`),
    );
    const gone = held.filter(
      ({ network, address, sandbox }) =>
        !known.has(sandbox) && lasting.has(`${network} ${address} ${sandbox}`),
    );
    const either = [...(before ?? []), ...held];
    const bare = withoutReservation(
      attached.map(({ value }) => value),
      known,
      either,
      networks,
    );
    return {
      findings: [...byNetwork(machine, gone, leaked), ...byNetwork(machine, bare, unreserved), ...unclear],
      measurements,
    };
  },
});
