import { expect, test } from "vitest";
import type { GraphPicture } from "#common/picture.ts";
import { box, fitting, placePicture } from "./picture-layout.ts";

const words = { en: "A picture", "zh-CN": "一幅图" };
const picture: GraphPicture = {
  id: "route",
  title: words,
  summary: words,
  nodes: [
    { id: "gateway", column: 0, label: "gateway" },
    { id: "a", column: 1, label: "a" },
    { id: "b", column: 1, label: "b" },
    { id: "c", column: 1, label: "c" },
    { id: "pods", column: 2, label: "pods" },
  ],
  edges: [
    { from: "gateway", to: "a" },
    { from: "b", to: "gateway" },
    { from: "a", to: "c" },
    { from: "b", to: "pods" },
  ],
};

test("boxes of a picture never overlap and never leave it", () => {
  const { nodes, width, height } = placePicture(picture, "en");
  for (const one of nodes) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.y).toBeGreaterThanOrEqual(0);
    expect(one.x + one.width).toBeLessThanOrEqual(width);
    expect(one.y + box.height).toBeLessThanOrEqual(height);
    for (const other of nodes) {
      if (one === other) continue;
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        Math.abs(one.y - other.y) >= box.height;
      expect(apart, `${one.id} and ${other.id}`).toBe(true);
    }
  }
});

test("an arrow begins at the side of its box that faces the other", () => {
  const placed = placePicture(picture, "en");
  const at = (id: string) => placed.nodes.find((node) => node.id === id) ?? { x: 0, y: 0, width: 0 };
  const [forwards, backwards, within] = placed.edges;
  expect(forwards?.path).toMatch(new RegExp(`^M${at("gateway").x + at("gateway").width} .* ${at("a").x} `));
  expect(backwards?.path).toMatch(new RegExp(`^M${at("b").x} .* ${at("gateway").x + at("gateway").width} `));
  expect(within?.path).toMatch(new RegExp(`^M${at("a").x + at("a").width} .* ${at("c").x + at("c").width} `));
});

test("headings push the boxes down, and a column without boxes keeps its place", () => {
  const plain = placePicture(picture, "en");
  const headed = placePicture({ ...picture, columns: [words, words, words, words] }, "en");
  expect(headed.columns).toHaveLength(4);
  expect(headed.height).toBeGreaterThan(plain.height);
  expect(headed.nodes[1]?.y).toBeGreaterThan(plain.nodes[1]?.y ?? 0);
});

test("what is too long for its box is cut, Han letters counting twice", () => {
  expect(fitting("short", 180)).toBe("short");
  expect(fitting("a-very-long-name-of-a-service-that-fits-nowhere", 100)).toBe("a-very-long-na…");
  expect(fitting("接口服务器的证书已经过期", 70)).toBe("接口服务…");
});

test("a column is as wide as its longest words, and no wider than a column may be", () => {
  const named = (label: string) => ({
    ...picture,
    nodes: picture.nodes.map((node) => (node.id === "a" ? { ...node, label } : node)),
  });
  const widthOf = (label: string) =>
    placePicture(named(label), "en").nodes.find(({ id }) => id === "b")?.width;
  expect(widthOf("a")).toBe(box.narrowest);
  expect(widthOf("kube-apiserver-etcd")).toBeGreaterThan(box.narrowest);
  expect(widthOf("a-name-that-is-longer-than-any-box-may-ever-become")).toBe(box.widest);
});

test("words stand at the end of an arrow that it does not share, and arrows both ways run beside each other", () => {
  const { edges, nodes } = placePicture(
    {
      ...picture,
      nodes: picture.nodes.filter(({ id }) => id !== "pods"),
      edges: [
        { from: "gateway", to: "a", label: "to the first" },
        { from: "gateway", to: "b", label: "3" },
        { from: "gateway", to: "c", label: "11" },
        { from: "c", to: "gateway", label: "8" },
      ],
    },
    "en",
  );
  const [first, second, there, back] = edges.map(({ placed }) => placed);
  const [gateway, a] = nodes;
  expect(first?.anchor).toBe("end");
  expect(Math.abs((first?.x ?? 0) - (a?.x ?? 0))).toBeLessThan(15);
  expect(second).toMatchObject({ text: "3", anchor: "middle" });
  expect(second?.badgeWidth).toBeGreaterThan(10);
  expect((back?.y ?? 0) - (there?.y ?? 0)).toBeGreaterThanOrEqual(16);
  for (const one of [first, second, there, back])
    expect(one?.x).toBeGreaterThan((gateway?.x ?? 0) + (gateway?.width ?? 0));
});
