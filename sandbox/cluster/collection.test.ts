import { expect, test } from "vitest";
import type { ApiObject } from "../objects/types.ts";
import { Collection } from "./collection.ts";

const object = (key: string, note = ""): ApiObject => {
  const [namespace, name = ""] = key.split("/");
  return { metadata: { namespace, name, ...(note && { annotations: { note } }) } };
};
const keys = ["b/2", "a/1", "b/1", "b-x/1"];
const collection = () => new Collection({ keys, build: (key) => object(key) });
const walk = (from: Collection, prefix: string, start: string, revision: number) =>
  [...from.walk(prefix, start, revision)].map(([key]) => key);

test("keys are walked in byte order, from a start, within a prefix", () => {
  const all = collection();
  expect(walk(all, "", "", 1)).toEqual(["a/1", "b-x/1", "b/1", "b/2"]);
  expect(walk(all, "b/", "b/", 1)).toEqual(["b/1", "b/2"]);
  expect(walk(all, "", "b/1\0", 1)).toEqual(["b/2"]);
  expect(walk(all, "b/", "a/9", 1)).toEqual(["b/1", "b/2"]);
});

test("an older revision still shows what was there then", () => {
  const all = collection();
  all.remove("a/1", 5);
  all.put("a/2", object("a/2"), 6);
  all.put("b/1", object("b/1", "new"), 7);
  expect(walk(all, "", "", 4)).toEqual(["a/1", "b-x/1", "b/1", "b/2"]);
  expect(walk(all, "", "", 7)).toEqual(["a/2", "b-x/1", "b/1", "b/2"]);
  expect([4, 5, 6, 7].map((revision) => all.count("a/", "a/", revision))).toEqual([1, 0, 1, 1]);
  expect(all.at("b/1", 6)?.metadata.annotations).toBeUndefined();
  expect(all.at("b/1", 7)?.metadata.annotations).toEqual({ note: "new" });
});

test("a walk that is under way does not see what is added meanwhile", () => {
  const all = collection();
  const walking = all.walk("", "", 1);
  walking.next();
  all.put("a/9", object("a/9"), 2);
  expect([...walking].map(([key]) => key)).toEqual(["b-x/1", "b/1", "b/2"]);
});

test("compaction keeps the present", () => {
  const all = collection();
  all.remove("a/1", 2);
  all.put("b/1", object("b/1", "second"), 3);
  all.put("b/1", object("b/1", "third"), 4);
  all.compact(4);
  expect(walk(all, "", "", 4)).toEqual(["b-x/1", "b/1", "b/2"]);
  expect(all.at("b/1", 4)?.metadata.annotations).toEqual({ note: "third" });
});
