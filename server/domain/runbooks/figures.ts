import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import type { ArticleNode } from "#common/contracts/runbook.ts";

/** What a drawing may be made of: shapes and text. No script, no style sheet, nothing that loads anything. */
const elements = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker pattern linearGradient stop".split(
    " ",
  ),
);
const attributeName = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/**
 * Replaces each figure's file by its drawing, as data in the tree, so that the page's colours and fonts reach into
 * it. Rejects with the file and the element that may not be there.
 */
export async function withFigures(nodes: ArticleNode[], publicDirectory: string): Promise<ArticleNode[]> {
  return Promise.all(nodes.map((node) => withFigure(node, publicDirectory)));
}

async function withFigure(node: ArticleNode, publicDirectory: string): Promise<ArticleNode> {
  if (node === null || typeof node !== "object") return node;
  if (node.name !== "figure") return { ...node, children: await withFigures(node.children, publicDirectory) };
  const file = path.join(publicDirectory, String(node.attributes.src));
  return { ...node, children: [readDrawing(await readFile(file, "utf8"), file)] };
}

/** An SVG document as a tree of allowed elements. */
export function readDrawing(source: string, file: string): ArticleNode {
  const { root } = parseXml(source);
  if (root?.name !== "svg") throw new Error(`${file}: not an SVG drawing`);
  return toNode(root, file);
}

function toNode(node: XmlNode, file: string): ArticleNode {
  if (node instanceof XmlText) return node.text;
  if (!(node instanceof XmlElement)) return null;
  if (!elements.has(node.name)) throw new Error(`${file}: <${node.name}> may not stand in a figure`);
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(node.attributes)) {
    if (name === "xmlns") continue;
    const unsafe = !attributeName.test(name) || /^on|^style$|^href$/i.test(name) || /url\((?!#)/i.test(value);
    if (unsafe) throw new Error(`${file}: the attribute ${name} may not stand in a figure`);
    attributes[name] = value;
  }
  return { name: node.name, attributes, children: node.children.map((child) => toNode(child, file)) };
}
