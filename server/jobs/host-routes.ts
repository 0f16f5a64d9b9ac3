import type { HostGroup } from "#common/contracts/host.ts";
import type { Reason } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { kinds } from "../checks/needs/kubernetes.ts";
import { type KubernetesConnector, ReadError } from "../connectors/connector.ts";
import type { SshRoute } from "../connectors/ssh/connect.ts";
import { readSshKey, SshKeyError } from "../connectors/ssh/key.ts";
import { hostName, knownHosts, readKnownHosts } from "../connectors/ssh/known-hosts.ts";
import { type Opener, VaultError } from "../crypto/vault.ts";
import type { Database } from "../db.ts";
import {
  addressesOf,
  type HostAddress,
  type HostSettings,
  hostSettingsSchema,
} from "../domain/hosts/settings.ts";
import { messageOf } from "../engine/answer.ts";
import { vaultProblems } from "./vault-problems.ts";

export type HostRoutes = {
  settings: HostSettings;
  routes: (SshRoute & { name: string })[];
  /** why there is no logging in, or why the nodes could not be listed */
  problem?: Reason;
  secrets: string[];
};

/** The ways to all hosts of a group, none of them taken yet. Without a usable key they lead to the host key alone. */
export async function hostRoutes(
  { db, opener }: { db: Database; opener: Opener },
  connection: Connection,
  nodes: { list: () => Promise<KubernetesConnector | undefined>; signal: AbortSignal },
): Promise<HostRoutes> {
  const settings = hostSettingsSchema.parse(connection.settings);
  const { hostGroup: group } = settings;
  const credential = await openKeys({ db, opener }, connection);
  const found = await findAddresses(group, nodes);
  const known = knownHosts(readKnownHosts(settings.knownHosts).keys);
  const jump = group.jump && { ...group.jump, key: credential.jumpKey ?? credential.key };
  const routes = found.addresses.map((address) => ({
    ...address,
    ...{ key: credential.key, known, name: hostName(address) },
    ...(jump && { jump }),
  }));
  const { secrets, problem } = credential;
  return { settings, routes, secrets, problem: found.problem ?? problem };
}

type Keys = Pick<SshRoute, "key"> & { jumpKey?: SshRoute["key"]; secrets: string[]; problem?: Reason };

async function openKeys(
  { db, opener }: { db: Database; opener: Opener },
  { id: connectionId, teamId }: Connection,
): Promise<Keys> {
  const binding = { teamId, connectionId };
  const record = await db.credential.findFirst({ where: binding });
  if (!record) return noKey("no key is stored for this group of hosts");
  try {
    const { privateKey, passphrase, certificate, jumpPrivateKey, jumpPassphrase, ...others } =
      await opener.open(binding, { ...record, fields: record.fields as Record<string, string> });
    const secrets = [privateKey, passphrase, jumpPrivateKey, jumpPassphrase, ...Object.values(others)];
    return {
      key: readSshKey({ privateKey: privateKey ?? "", passphrase, certificate }),
      jumpKey: jumpPrivateKey
        ? readSshKey({ privateKey: jumpPrivateKey, passphrase: jumpPassphrase })
        : undefined,
      secrets: secrets.filter((secret) => secret !== undefined),
    };
  } catch (error) {
    if (error instanceof VaultError) return noKey(vaultProblems[error.problem]);
    if (error instanceof SshKeyError) return noKey(`the stored key cannot be used (${error.problem})`);
    throw error;
  }
}

function noKey(detail: string): Keys {
  const problem: Reason = { code: "credential-unreadable", what: "open the stored key", detail };
  return { key: undefined, secrets: [], problem };
}

async function findAddresses(
  group: HostGroup,
  { list, signal }: { list: () => Promise<KubernetesConnector | undefined>; signal: AbortSignal },
): Promise<{ addresses: HostAddress[]; problem?: Reason }> {
  if (!group.nodes) return { addresses: addressesOf(group) };
  const { address: wanted, labelSelector } = group.nodes;
  const what = "list nodes";
  try {
    const connector = await list();
    if (!connector) {
      const detail = "no-kubernetes: the cluster has no Kubernetes connection to list its nodes with";
      return { addresses: [], problem: { code: "no-target", what, detail } };
    }
    const hosts: string[] = [];
    const request = { kind: kinds.Node, labelSelector: labelSelector || undefined };
    const meter = { call() {}, bytes() {}, throttled() {} };
    const outcome = await connector.list(
      request,
      (items) => hosts.push(...items.flatMap((item) => addressOfNode(item, wanted))),
      { signal, meter },
    );
    const addresses = hosts.map((host) => ({ host, port: group.port, user: group.user }));
    return { addresses, problem: outcome.missing[0] };
  } catch (error) {
    if (error instanceof ReadError) return { addresses: [], problem: error.reason };
    return { addresses: [], problem: { code: "internal", what, detail: messageOf(error) } };
  }
}

function addressOfNode(node: unknown, wanted: string): string[] {
  const { status } = node as { status?: { addresses?: { type?: string; address?: string }[] } };
  const address = status?.addresses?.find(({ type }) => type === wanted)?.address;
  return address ? [address] : [];
}
