import { rangeAround, rangeText } from "#common/kubernetes/ip-range.ts";
import type { Picture, PictureEdge, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import { column, type Drawn, markOf, short } from "./network-picture.ts";

/** The ranges beside each other: whose they are, how full, and which of them meet. */
export function rangesPicture({ ranges, room, nodes, findings }: Drawn): Picture | undefined {
  const around = rangeAround(nodes.flatMap(({ addresses }) => addresses));
  const ofPart = (text: string) =>
    markOf(
      findings,
      ({ subject: { kind, part }, code }) =>
        kind === "Network" && part?.split(", ").includes(text) === true && code !== "range-not-visible",
    );
  const detailOf = (text: string): Text | undefined => {
    const given = room.nodeRanges.find((one) => one.text === text);
    if (given)
      return column(`${given.used} of ${given.usable} node ranges`, `节点网段 ${given.used}/${given.usable}`);
    const filled = [...room.pools, ...room.services]
      .flatMap(({ parts = [] }) => parts)
      .find((one) => one.text === text);
    return (
      filled && column(`${filled.used} of ${filled.usable} addresses`, `地址 ${filled.used}/${filled.usable}`)
    );
  };
  const box = (kind: "pods" | "services", text: string): PictureNode => {
    const detail = detailOf(text);
    return {
      id: `${kind} ${text}`,
      column: 1,
      label: text,
      ...(detail && { detail }),
      verdict: ofPart(text),
    };
  };
  const fullest = room.nodes.toSorted((a, b) => b.percent - a.percent).slice(0, 6);
  const boxes: PictureNode[] = [
    { id: "pods", column: 0, label: column("Pods", "Pod 网段") },
    { id: "services", column: 0, label: column("Services", "Service 网段") },
    { id: "nodes", column: 0, label: column("Nodes", "节点地址"), detail: `${nodes.length}` },
    ...ranges.pods.slice(0, 12).map(({ text }) => box("pods", text)),
    ...ranges.services.slice(0, 6).map(({ text }) => box("services", text)),
    ...(around
      ? [
          {
            id: "node addresses",
            column: 1,
            label: rangeText(around),
            detail: column("around the nodes' addresses", "包住各节点地址的最小网段"),
          } satisfies PictureNode,
        ]
      : []),
    ...fullest.map(
      ({ text, node, used, usable, percent }): PictureNode => ({
        id: `node ${node ?? ""} ${text}`,
        column: 2,
        label: node ?? text,
        detail: column(
          `${text}: ${used} of ${usable}, ${percent} %`,
          `${text} 已用 ${used}/${usable}（${percent} %）`,
        ),
        verdict: markOf(
          findings,
          ({ subject, code }) => subject.part === text && code.startsWith("node-range"),
        ),
      }),
    ),
  ];
  const ids = new Set(boxes.map(({ id }) => id));
  const edges: PictureEdge[] = [
    ...boxes.flatMap(({ id }) => {
      const [kind = ""] = id.split(" ");
      return id.includes("/") && (kind === "pods" || kind === "services") ? [{ from: kind, to: id }] : [];
    }),
    ...(around ? [{ from: "nodes", to: "node addresses" }] : []),
    ...fullest.flatMap(({ node, text }) => {
      const pool = ranges.used.find((one) => ids.has(`pods ${one.text}`));
      return [{ from: pool ? `pods ${pool.text}` : "pods", to: `node ${node ?? ""} ${text}` }];
    }),
  ];
  if (boxes.length < 4) return undefined;
  return {
    id: "address-ranges",
    title: column("Whose addresses are where", "哪段地址归谁"),
    summary: column(
      `Pods: ${short(ranges.pods.map(({ text }) => text)) || "not visible"}. Services: ${short(ranges.services.map(({ text }) => text)) || "not visible"}. Nodes: ${around ? rangeText(around) : "not visible"}.`,
      `Pod：${short(ranges.pods.map(({ text }) => text)) || "看不到"}。Service：${short(ranges.services.map(({ text }) => text)) || "看不到"}。节点：${around ? rangeText(around) : "看不到"}。`,
    ),
    columns: [column("Whose", "归谁"), column("Range", "网段"), column("Fullest nodes", "最满的节点")],
    nodes: boxes,
    edges,
  };
}
