import type { HostGroup, HostSecret } from "#common/contracts/host.ts";
import { expandHosts, isUser } from "#common/hosts/range.ts";
import { readSshKey, SshKeyError } from "#server/connectors/ssh/key.ts";
import { hostName, type KnownKey, knownHosts, readKnownHosts } from "#server/connectors/ssh/known-hosts.ts";
import { AppError } from "#server/errors.ts";
import { addressesOf } from "./settings.ts";

const selector = /^[A-Za-z0-9_.,/()!= -]*$/;

/** A group of hosts that can be used, or `invalid` with each field's own sentence. */
export function admitGroup(group: HostGroup): void {
  const fields: Record<string, string> = {};
  let values: Record<string, string | number> = {};
  const refuse = (field: string, problem: string, more: Record<string, string | number> = {}) => {
    fields[field] = problem;
    values = { ...values, ...more };
  };
  if (!isUser(group.user)) refuse("group.user", "host-user");
  if (group.nodes && !selector.test(group.nodes.labelSelector))
    refuse("group.nodes.labelSelector", "host-selector");
  if (!group.nodes) {
    const { hosts, errors } = expandHosts(group.hosts);
    const [first] = errors;
    if (first) {
      const { line, column, part } = first;
      refuse("group.hosts", `hosts-${first.problem}`, { line, column, part: part.slice(0, 80) });
    } else if (hosts.length === 0) refuse("group.hosts", "hosts-none");
  }
  if (group.jump) {
    if (!isUser(group.jump.user)) refuse("group.jump.user", "host-user");
    const { hosts, errors } = expandHosts(group.jump.host);
    const [only] = hosts;
    const isPlain =
      errors.length === 0 && hosts.length === 1 && only?.port === undefined && only?.user === undefined;
    if (!isPlain) refuse("group.jump.host", "host-jump");
  }
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields, values });
}

/** The secret, by the names under which a worker finds it again; or `invalid` with what is wrong, never with what it is. */
export function admitSecret(group: HostGroup, secret: HostSecret): Record<string, string> {
  const fields: Record<string, string> = {};
  const { privateKey, passphrase, certificate, jumpPrivateKey, jumpPassphrase } = secret;
  const main = { privateKey, passphrase: passphrase || undefined, certificate: certificate || undefined };
  const problem = problemOf(main);
  if (problem) {
    const field = problem.startsWith("passphrase")
      ? "passphrase"
      : problem.includes("certificate")
        ? "certificate"
        : "privateKey";
    fields[`secret.${field}`] = `ssh-${problem}`;
  }
  const jump =
    group.jump && jumpPrivateKey
      ? { privateKey: jumpPrivateKey, passphrase: jumpPassphrase || undefined }
      : undefined;
  const jumpProblem = jump && problemOf(jump);
  if (jumpProblem) {
    fields[`secret.${jumpProblem.startsWith("passphrase") ? "jumpPassphrase" : "jumpPrivateKey"}`] =
      `ssh-${jumpProblem}`;
  }
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
  const parts = {
    ...main,
    ...(jump && { jumpPrivateKey: jump.privateKey, jumpPassphrase: jump.passphrase }),
  };
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined),
  );
}

function problemOf(material: Parameters<typeof readSshKey>[0]): string | undefined {
  try {
    readSshKey(material);
    return undefined;
  } catch (error) {
    // The cause is left out: it came from the key.
    if (error instanceof SshKeyError) return error.problem;
    throw error;
  }
}

/**
 * Reads pasted known_hosts. Lines about this group's hosts are kept under their plain names, hashed ones too; those of
 * other hosts only where the group's hosts are not known yet.
 */
export function admitKnownHosts(group: HostGroup, text: string): string[] {
  const { keys, problems } = readKnownHosts(text);
  const [first] = problems;
  if (first) {
    const fields = { knownHosts: `known-hosts-${first.problem}` };
    throw new AppError("invalid", "invalid", { fields, values: { line: first.line } });
  }
  if (group.nodes) return keys.map((key) => lineOf(key.hosts, key));
  const lookUp = knownHosts(keys);
  const places = [...addressesOf(group), ...(group.jump ? [group.jump] : [])];
  const lines = places.flatMap((place) => {
    const { accepted, revoked } = lookUp(place);
    return [...accepted, ...revoked].map((key) => lineOf(hostName(place), key));
  });
  return [...new Set(lines)];
}

export function lineOf(hosts: string, { revoked, type, key }: Omit<KnownKey, "hosts">): string {
  return `${revoked ? "@revoked " : ""}${hosts} ${type} ${key.toString("base64")}`;
}
