import { existsSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { targetKinds } from "#common/result.ts";
import { project } from "../launcher/project.ts";
import { checkSource } from "./templates.ts";

it.each(targetKinds)("makes a %s check that Node can read and whose imports exist", (target) => {
  const source = checkSource(`${target}/some-question`);
  expect(stripTypeScriptTypes(source)).toContain(`id: "${target}/some-question"`);
  const imported = [...source.matchAll(/from "(\.\.[^"]+)"/g)].map(([, path = ""]) => path);
  expect(imported.length).toBeGreaterThan(1);
  for (const path of imported)
    expect(existsSync(join(project, "server/checks", target, path)), path).toBe(true);
});
