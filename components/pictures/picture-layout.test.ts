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
  const { nodes, width, height } = placePicture(picture);
  for (const one of nodes) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.y).toBeGreaterThanOrEqual(0);
    expect(one.x + box.width).toBeLessThanOrEqual(width);
    expect(one.y + box.height).toBeLessThanOrEqual(height);
    for (const other of nodes) {
      if (one === other) continue;
      const apart = Math.abs(one.x - other.x) >= box.width || Math.abs(one.y - other.y) >= box.height;
      expect(apart, `${one.id} and ${other.id}`).toBe(true);
    }
  }
});

test("an arrow begins at the side of its box that faces the other", () => {
  const placed = placePicture(picture);
  const at = (id: string) => placed.nodes.find((node) => node.id === id) ?? { x: 0, y: 0 };
  const [forwards, backwards, within] = placed.edges;
  expect(forwards?.path).toMatch(new RegExp(`^M${at("gateway").x + box.width} .* ${at("a").x} `));
  expect(backwards?.path).toMatch(new RegExp(`^M${at("b").x} .* ${at("gateway").x + box.width} `));
  expect(within?.path).toMatch(new RegExp(`^M${at("a").x + box.width} .* ${at("c").x + box.width} `));
});

test("headings push the boxes down, and a column without boxes keeps its place", () => {
  const plain = placePicture(picture);
  const headed = placePicture({ ...picture, columns: [words, words, words, words] });
  expect(headed.columns).toHaveLength(4);
  expect(headed.height).toBeGreaterThan(plain.height);
  expect(headed.nodes[1]?.y).toBeGreaterThan(plain.nodes[1]?.y ?? 0);
});

test("what is too long for its box is cut, Han letters counting twice", () => {
  expect(fitting("short", 180)).toBe("short");
  expect(fitting("a-very-long-name-of-a-service-that-fits-nowhere", 100)).toBe("a-very-long-na…");
  expect(fitting("接口服务器的证书已经过期", 70)).toBe("接口服务…");
});
