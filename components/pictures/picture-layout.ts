import type { GraphPicture, PictureEdge, PictureNode } from "#common/picture.ts";

export const box = { width: 184, height: 46 };
export const gap = { x: 72, y: 14 };
const margin = { x: 8, y: 8 };
const headingHeight = 24;

export type PlacedNode = PictureNode & { x: number; y: number };
export type PlacedEdge = PictureEdge & { path: string; labelAt: { x: number; y: number } };
export type PlacedPicture = {
  width: number;
  height: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  /** the left edge of each column, in the order of the headings */
  columns: number[];
};

/** Where boxes and arrows of a picture stand, in pixels: columns from the left, each centred on the tallest. */
export function placePicture({ nodes, edges, columns = [] }: GraphPicture): PlacedPicture {
  const byColumn = Map.groupBy(nodes, ({ column }) => column);
  const count = Math.max(columns.length, ...nodes.map(({ column }) => column + 1));
  const tallest = Math.max(...[...byColumn.values()].map((column) => heightOf(column.length)));
  const top = margin.y + (columns.length > 0 ? headingHeight : 0);
  const xOf = (column: number) => margin.x + column * (box.width + gap.x);
  const placed = nodes.map((node): PlacedNode => {
    const column = byColumn.get(node.column) ?? [];
    const first = top + (tallest - heightOf(column.length)) / 2;
    return { ...node, x: xOf(node.column), y: first + column.indexOf(node) * (box.height + gap.y) };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  return {
    width: 2 * margin.x + count * box.width + (count - 1) * gap.x,
    height: top + tallest + margin.y,
    nodes: placed,
    edges: edges.flatMap((edge) => {
      const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
      return from && to ? [{ ...edge, ...route(from, to) }] : [];
    }),
    columns: Array.from({ length: count }, (_, column) => xOf(column)),
  };
}

const heightOf = (boxes: number) => boxes * box.height + (boxes - 1) * gap.y;

/** Forwards from the right side to the left, backwards the other way round, within a column along its right side. */
function route(from: PlacedNode, to: PlacedNode): { path: string; labelAt: { x: number; y: number } } {
  const start = { x: from.x + (to.x < from.x ? 0 : box.width), y: from.y + box.height / 2 };
  const end = { x: to.x + (to.x > from.x ? 0 : box.width), y: to.y + box.height / 2 };
  const bend = to.x === from.x ? gap.x * 0.6 : (end.x - start.x) / 2;
  const [first, second] = to.x === from.x ? [start.x + bend, end.x + bend] : [start.x + bend, end.x - bend];
  return {
    path: `M${start.x} ${start.y}C${first} ${start.y} ${second} ${end.y} ${end.x} ${end.y}`,
    labelAt: { x: (start.x + 3 * first + 3 * second + end.x) / 8, y: (start.y + end.y) / 2 },
  };
}

/** As much of a word as its box has room for, at about 6.6 px a Latin letter and twice that for a Han one. */
export function fitting(text: string, widthPx: number, letterPx = 6.6): string {
  const widthOf = (letter: string) => (/\p{Script=Han}|[，。：；（）]/u.test(letter) ? 2 : 1) * letterPx;
  let left = widthPx;
  let kept = "";
  for (const letter of text) {
    left -= widthOf(letter);
    if (left < 0) return `${kept.slice(0, -1)}…`;
    kept += letter;
  }
  return text;
}
