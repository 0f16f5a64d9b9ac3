import { expect, test } from "vitest";
import { applyPatch } from "./patch.ts";

const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const json = "application/json-patch+json";
const apply = (type: string, target: Record<string, unknown>, patch: unknown) =>
  applyPatch(type, target, JSON.stringify(patch));

test("a merge patch replaces lists and removes what is null", () => {
  const target = { labels: { a: "1", b: "2" }, list: [1, 2] };
  expect(apply(merge, target, { labels: { a: null, c: "3" }, list: [3] })).toEqual({
    labels: { b: "2", c: "3" },
    list: [3],
  });
  expect(target.labels).toEqual({ a: "1", b: "2" });
});

test("a strategic merge joins containers by name and can delete one", () => {
  const target = { containers: [{ name: "app", image: "a:1" }, { name: "proxy" }] };
  const patch = {
    containers: [{ name: "app", resources: {} }, { name: "proxy", $patch: "delete" }, { name: "new" }],
  };
  expect(apply(strategic, target, patch)).toEqual({
    containers: [{ name: "app", image: "a:1", resources: {} }, { name: "new" }],
  });
});

test("a JSON patch adds, replaces, moves, removes and tests", () => {
  const target = { metadata: { annotations: { "a/b": "1" } }, list: ["x"] };
  const patch = [
    { op: "test", path: "/metadata/annotations/a~1b", value: "1" },
    { op: "add", path: "/list/-", value: "y" },
    { op: "replace", path: "/list/0", value: "z" },
    { op: "move", from: "/metadata/annotations/a~1b", path: "/moved" },
    { op: "remove", path: "/metadata" },
  ];
  expect(apply(json, target, patch)).toEqual({ list: ["z", "y"], moved: "1" });
});

test.each([
  [{ op: "test", path: "/a", value: 2 }],
  [{ op: "remove", path: "/b" }],
  [{ op: "replace", path: "/b", value: 1 }],
  [{ op: "add", path: "/b/c", value: 1 }],
  [{ op: "add", path: "/__proto__/polluted", value: 1 }],
  [{ op: "jump", path: "/a" }],
])("the operation %j is refused", (operation) => {
  expect(() => apply(json, { a: 1 }, [operation])).toThrow("the server rejected our request");
});

test("no patch reaches the prototype of all objects", () => {
  for (const type of [merge, strategic]) {
    applyPatch(type, { a: {} }, '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}');
  }
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});
