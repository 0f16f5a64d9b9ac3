import type { GraphPicture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Locale } from "#common/text.ts";
import { wordsIn } from "./picture-words.ts";

/** Boxes are as wide as the longest words of their column, within limits; what is longer is cut. */
export const box = { narrowest: 92, widest: 184, height: 46 };
const gap = { narrowest: 44, widest: 96, y: 14 };
const margin = { x: 8, y: 8 };
const headingHeight = 24;
/** Beside words in a box, and beside those that share their line with a verdict. */
export const padding = { plain: 22, marked: 42 };
const letter = { label: 6.6, detail: 5.9, arrow: 6 };
/** Labels of so many letters are set into the arrow as a badge. */
const longestBadge = 3;
/** How far apart two arrows run that join the same boxes both ways. */
const lane = 11;

type Point = { x: number; y: number };
export type PlacedNode = PictureNode & Point & { width: number };
export type PlacedLabel = Point & { text: string; anchor: "start" | "middle" | "end"; badgeWidth?: number };
export type PlacedEdge = PictureEdge & { path: string; placed?: PlacedLabel };
export type PlacedPicture = {
  width: number;
  height: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  /** the left edge of each column, in the order of the headings */
  columns: number[];
};

/** Where boxes and arrows of a picture stand, in pixels: columns from the left, each centred on the tallest. */
export function placePicture(picture: GraphPicture, locale: Locale): PlacedPicture {
  const { nodes, edges, columns = [] } = picture;
  const byColumn = Map.groupBy(nodes, ({ column }) => column);
  const count = Math.max(columns.length, ...nodes.map(({ column }) => column + 1));
  const tallest = Math.max(...[...byColumn.values()].map((column) => heightOf(column.length)));
  const top = margin.y + (columns.length > 0 ? headingHeight : 0);
  const between = gapOf(edges, locale);
  const widths = Array.from({ length: count }, (_, column) =>
    boxWidth(byColumn.get(column) ?? [], wordsIn(columns[column], locale), locale),
  );
  const lefts = widths.map((_, column) =>
    widths.slice(0, column).reduce((left, width) => left + width + between, margin.x),
  );
  const placed = nodes.map((node): PlacedNode => {
    const column = byColumn.get(node.column) ?? [];
    const first = top + (tallest - heightOf(column.length)) / 2;
    const y = first + column.indexOf(node) * (box.height + gap.y);
    return { ...node, x: lefts[node.column] ?? 0, y, width: widths[node.column] ?? box.widest };
  });
  return {
    width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + margin.x,
    height: top + tallest + margin.y,
    nodes: placed,
    edges: placeEdges(edges, placed, between, locale),
    columns: lefts,
  };
}

const heightOf = (boxes: number) => boxes * box.height + (boxes - 1) * gap.y;
const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

function boxWidth(nodes: readonly PictureNode[], heading: string, locale: Locale): number {
  const wanted = nodes.flatMap(({ label, detail, verdict }) => [
    widthOf(wordsIn(label, locale), letter.label) + (verdict ? padding.marked : padding.plain),
    widthOf(wordsIn(detail, locale), letter.detail) + padding.plain,
  ]);
  return clamp(Math.max(widthOf(heading, letter.label), ...wanted), box.narrowest, box.widest);
}

function gapOf(edges: readonly PictureEdge[], locale: Locale): number {
  const wanted = edges.map(({ label }) => widthOf(wordsIn(label, locale), letter.arrow) + 20);
  return clamp(Math.max(0, ...wanted), gap.narrowest, gap.widest);
}

function placeEdges(
  edges: readonly PictureEdge[],
  nodes: readonly PlacedNode[],
  between: number,
  locale: Locale,
): PlacedEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const leaving = Map.groupBy(edges, ({ from }) => from);
  const arriving = Map.groupBy(edges, ({ to }) => to);
  return edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    if (!from || !to) return [];
    const isTwoWay = leaving.get(edge.to)?.some((other) => other.to === edge.from) ?? false;
    const shift = isTwoWay ? (to.x < from.x ? lane : -lane) : 0;
    const { path, start, end } = route(from, to, { between, shift });
    const text = fitting(wordsIn(edge.label, locale), between - 8, letter.arrow);
    if (text === "") return [{ ...edge, path }];
    const alone = (leaving.get(edge.from)?.length ?? 0) <= (arriving.get(edge.to)?.length ?? 0);
    return [{ ...edge, path, placed: { text, ...besideLine(text, start, end, alone ? "start" : "end") } }];
  });
}

/** Forwards from the right side to the left, backwards the other way round, within a column along its right side. */
function route(from: PlacedNode, to: PlacedNode, { between, shift }: { between: number; shift: number }) {
  const start = { x: from.x + (to.x < from.x ? 0 : from.width), y: from.y + box.height / 2 + shift };
  const end = { x: to.x + (to.x > from.x ? 0 : to.width), y: to.y + box.height / 2 + shift };
  const bend = to.x === from.x ? between * 0.6 : (end.x - start.x) / 2;
  const [first, second] = to.x === from.x ? [start.x + bend, end.x + bend] : [start.x + bend, end.x - bend];
  return {
    path: `M${start.x} ${start.y}C${first} ${start.y} ${second} ${end.y} ${end.x} ${end.y}`,
    start,
    end,
  };
}

/** At the end of the arrow that it does not share with others, on the side to which the arrow does not turn. */
function besideLine(text: string, start: Point, end: Point, at: "start" | "end"): Omit<PlacedLabel, "text"> {
  const here = at === "start" ? start : end;
  const inwards = (at === "start" ? end.x >= start.x : end.x < start.x) ? 1 : -1;
  if (text.length <= longestBadge) {
    const badgeWidth = widthOf(text, letter.arrow) + 9;
    const clear = at === "start" ? 5 : 11;
    return { x: here.x + inwards * (clear + badgeWidth / 2), y: here.y, anchor: "middle", badgeWidth };
  }
  const turnsUp = at === "start" ? end.y < start.y : start.y < end.y;
  return {
    x: here.x + inwards * (at === "start" ? 5 : 9),
    y: here.y + (turnsUp ? 13 : -5),
    anchor: inwards > 0 ? "start" : "end",
  };
}

const isWide = /\p{Script=Han}|[，。：；（）]/u;

/** About 6.6 px a Latin letter of a box, and twice that a Han one. */
function widthOf(text: string, letterPx: number): number {
  let width = 0;
  for (const one of text) width += isWide.test(one) ? 2 * letterPx : letterPx;
  return width;
}

/** As much of a word as there is room for. */
export function fitting(text: string, widthPx: number, letterPx = letter.label): string {
  let left = widthPx;
  let kept = "";
  for (const one of text) {
    left -= widthOf(one, letterPx);
    if (left < -0.01) return `${kept.slice(0, -1)}…`;
    kept += one;
  }
  return text;
}
