import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";

/** kubeadm's configuration with the places of its values, so that a finding can point at them. */

export type Place = { line: number; column: number };
export type KubeadmDocument = {
  apiVersion: string;
  kind: string;
  at: Place;
  /** undefined where there is nothing at this path */
  node(path: readonly (string | number)[]): Node | undefined;
  text(path: readonly (string | number)[]): string | undefined;
  place(path: readonly (string | number)[]): Place;
  /** keys of a map, with their places */
  keys(path: readonly (string | number)[]): { key: string; at: Place }[];
  size(path: readonly (string | number)[]): number;
};
export type Broken = Place & { message: string };

const most = 50;

export function readKubeadm(text: string): { documents: KubeadmDocument[]; broken: Broken[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    maxAliasCount: 0,
    logLevel: "silent",
  } as never);
  const documents: KubeadmDocument[] = [];
  const broken: Broken[] = [];
  for (const document of Array.isArray(parsed) ? parsed.slice(0, most) : []) {
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      // One mistake may be told in several ways.
      if (broken.some((known) => known.line === line)) continue;
      broken.push({ line, column: col, message: error.message.split("\n")[0] ?? "" });
    }
    if (document.errors.length > 0 || !isMap(document.contents)) continue;
    documents.push(withPlaces(document.contents, lines));
  }
  return { documents, broken };
}

function withPlaces(root: Node, lines: LineCounter): KubeadmDocument {
  const node = (path: readonly (string | number)[]): Node | undefined => {
    let current: unknown = root;
    for (const step of path) {
      if (isMap(current)) current = current.get(step, true);
      else if (isSeq(current) && typeof step === "number") current = current.items[step];
      else return undefined;
    }
    return (current ?? undefined) as Node | undefined;
  };
  const placeOf = (offset: number | undefined): Place => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line, column: col };
  };
  const text = (path: readonly (string | number)[]) => {
    const found = node(path);
    return isScalar(found) && found.value !== null ? String(found.value) : undefined;
  };
  return {
    apiVersion: text(["apiVersion"]) ?? "",
    kind: text(["kind"]) ?? "",
    at: placeOf(root.range?.[0]),
    node,
    text,
    place: (path) => placeOf(node(path)?.range?.[0] ?? root.range?.[0]),
    keys: (path) => {
      const found = node(path);
      if (!isMap(found)) return [];
      return found.items.flatMap(({ key }) =>
        isScalar(key) ? [{ key: String(key.value), at: placeOf(key.range?.[0]) }] : [],
      );
    },
    size: (path) => {
      const found = node(path);
      return isSeq(found) ? found.items.length : 0;
    },
  };
}
