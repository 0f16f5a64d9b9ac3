import type { HostGroup, HostSecret } from "#common/contracts/host.ts";

/** What is typed into the form of a group of hosts, as texts and switches. */
export type GroupDraft = {
  name: string;
  source: "list" | "nodes";
  hosts: string;
  labelSelector: string;
  address: "InternalIP" | "Hostname";
  user: string;
  port: string;
  usesJump: boolean;
  jumpHost: string;
  jumpPort: string;
  jumpUser: string;
  sudo: boolean;
  privateKey: string;
  passphrase: string;
  certificate: string;
  jumpPrivateKey: string;
  jumpPassphrase: string;
  knownHosts: string;
};

const noSecret = { privateKey: "", passphrase: "", certificate: "", jumpPrivateKey: "", jumpPassphrase: "" };

export const emptyDraft: GroupDraft = {
  ...{ name: "", source: "list", hosts: "", labelSelector: "", address: "InternalIP", user: "", port: "22" },
  ...{ usesJump: false, jumpHost: "", jumpPort: "22", jumpUser: "", sudo: false, knownHosts: "" },
  ...noSecret,
};

export function draftOf(group: HostGroup): GroupDraft {
  const { name, hosts, nodes, user, port, jump, sudo } = group;
  return {
    ...emptyDraft,
    ...{ name, hosts, user, sudo, port: String(port), source: nodes ? "nodes" : "list" },
    ...(nodes && { labelSelector: nodes.labelSelector, address: nodes.address }),
    ...(jump && { usesJump: true, jumpHost: jump.host, jumpPort: String(jump.port), jumpUser: jump.user }),
  };
}

export function groupOf(draft: GroupDraft): HostGroup {
  const { name, hosts, source, labelSelector, address, user, sudo } = draft;
  const jump = { host: draft.jumpHost, port: Number(draft.jumpPort), user: draft.jumpUser };
  return {
    ...{ name, user, sudo, port: Number(draft.port) },
    hosts: source === "list" ? hosts : "",
    nodes: source === "nodes" ? { labelSelector, address } : null,
    jump: draft.usesJump ? jump : null,
  };
}

export function secretOf(draft: GroupDraft): HostSecret | undefined {
  if (draft.privateKey.trim() === "") return undefined;
  const { privateKey, passphrase, certificate, usesJump, jumpPrivateKey, jumpPassphrase } = draft;
  return {
    privateKey,
    passphrase: passphrase || undefined,
    certificate: certificate.trim() || undefined,
    jumpPrivateKey: usesJump ? jumpPrivateKey.trim() || undefined : undefined,
    jumpPassphrase: usesJump ? jumpPassphrase || undefined : undefined,
  };
}

/** By the names under which the server says what is wrong with a field. */
export const fieldPaths = {
  name: "group.name",
  hosts: "group.hosts",
  labelSelector: "group.nodes.labelSelector",
  user: "group.user",
  port: "group.port",
  jumpHost: "group.jump.host",
  jumpPort: "group.jump.port",
  jumpUser: "group.jump.user",
  privateKey: "secret.privateKey",
  passphrase: "secret.passphrase",
  certificate: "secret.certificate",
  jumpPrivateKey: "secret.jumpPrivateKey",
  jumpPassphrase: "secret.jumpPassphrase",
  knownHosts: "knownHosts",
} as const satisfies Partial<Record<keyof GroupDraft, string>>;
export type DraftField = keyof typeof fieldPaths;
export type DraftErrors = Partial<Record<DraftField, string>>;

/** What has to be filled in before anything is sent. */
export function missingFields(draft: GroupDraft, isNew: boolean): DraftField[] {
  const needed: DraftField[] = ["name", "user", "port"];
  if (draft.source === "list") needed.push("hosts");
  if (draft.usesJump) needed.push("jumpHost", "jumpPort", "jumpUser");
  if (isNew) needed.push("privateKey");
  return needed.filter((field) => draft[field].trim() === "");
}
