import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readDrawing } from "./figures.ts";

const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">${inside}</svg>`;

test("a drawing becomes data: elements, attributes, text", () => {
  expect(readDrawing(svg('<text x="1" text-anchor="end">a &amp; b</text>'), "x.svg")).toEqual({
    name: "svg",
    attributes: { viewBox: "0 0 10 10" },
    children: [{ name: "text", attributes: { x: "1", "text-anchor": "end" }, children: ["a & b"] }],
  });
});

test.each([
  ["<script>alert(1)</script>", "<script>"],
  ["<style>*{}</style>", "<style>"],
  ["<image href='https://example.com/x.png'/>", "<image>"],
  ["<foreignObject><p>x</p></foreignObject>", "<foreignObject>"],
  ["<rect onclick='alert(1)'/>", "onclick"],
  ["<rect style='fill:red'/>", "style"],
  ["<rect fill='url(https://example.com/x)'/>", "fill"],
])("%s is refused by name", (inside, named) => {
  expect(() => readDrawing(svg(inside), "x.svg")).toThrow(
    `x.svg: ${named.startsWith("<") ? named : `the attribute ${named}`}`,
  );
});

test("every figure of the product is such a drawing and has a name for those who do not see it", async () => {
  const directory = new URL("../../../public/figures/", import.meta.url);
  const files = (await readdir(directory)).filter((name) => name.endsWith(".svg"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const drawing = readDrawing(await readFile(new URL(file, directory), "utf8"), file);
    expect(drawing).toMatchObject({ name: "svg", attributes: { viewBox: expect.any(String) } });
  }
});
