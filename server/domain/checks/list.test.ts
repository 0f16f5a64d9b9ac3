import { expect, test } from "vitest";
import { checkViewSchema } from "#common/contracts/runbook.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { listChecks } from "./list.ts";

test("every check can be shown before it is run: its form, what it reads, what it may need", async () => {
  const views = await listChecks();
  expect(views.map((view) => view.id)).toEqual(checks.map((check) => check.id));
  for (const view of views) {
    expect(() => checkViewSchema.parse(view), view.id).not.toThrow();
    expect(view.reads, view.id).not.toEqual([]);
    for (const field of view.params) {
      expect(field.label.en, `${view.id} ${field.name}`).not.toBe(field.name);
    }
    expect(view.permissions.length > 0, view.id).toBe(view.target === "kubernetes");
  }
});
