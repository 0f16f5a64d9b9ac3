import type { AccessManifest } from "#common/contracts/cluster.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { AppError } from "#server/errors.ts";
import { accessCommands } from "./access-commands.ts";
import { accessPermissions } from "./access-permissions.ts";
import { manifestYaml } from "./manifest-yaml.ts";

/** The ServiceAccount that may read what these checks need: by default, every reading check of a Kubernetes API. */
export async function accessManifest({
  input,
  library = checks,
}: {
  input: { checks?: string[] };
  library?: readonly Check[];
}): Promise<AccessManifest> {
  const permissions = accessPermissions(chosen(input.checks, library));
  return { manifest: manifestYaml(permissions), commands: accessCommands, permissions };
}

function chosen(ids: readonly string[] | undefined, library: readonly Check[]): readonly Check[] {
  if (!ids) return library.filter(({ target, effect }) => target === "kubernetes" && effect === "read");
  const unknown = ids.flatMap((id, index) =>
    library.some((check) => check.id === id) ? [] : [[`checks.${index}`, "check-unknown"] as const],
  );
  if (unknown.length > 0) throw new AppError("invalid", "invalid", { fields: Object.fromEntries(unknown) });
  return library.filter(({ id }) => ids.includes(id));
}
