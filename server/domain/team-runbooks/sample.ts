import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { KubernetesKind } from "#server/checks/needs/need.ts";

const sampleSchema = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
let sample: Promise<z.infer<typeof sampleSchema>> | undefined;

/** Some objects of a kind as the practice cluster has them; undefined where it has none of the kind. */
export async function readSample({ group, resource }: KubernetesKind) {
  sample ??= readFile(
    path.join(process.cwd(), "server/domain/team-runbooks/sample-objects.json"),
    "utf8",
  ).then((text) => sampleSchema.parse(JSON.parse(text)));
  return (await sample)[`${group}/${resource}`];
}
