"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import type { GraphPicture, Picture, PictureNode } from "#common/picture.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { reachable } from "../ui/reachable.ts";
import { FailGlyph, PassGlyph, UnknownGlyph, WarnGlyph } from "../ui/verdict-glyphs.tsx";
import { Bars } from "./bars.tsx";
import { BarsTable } from "./bars-table.tsx";
import { box, fitting, type PlacedEdge, type PlacedNode, padding, placePicture } from "./picture-layout.ts";
import { PictureTable } from "./picture-table.tsx";
import { wordsIn } from "./picture-words.ts";

type Mark = NonNullable<PictureNode["verdict"]>;
const glyphs = { pass: PassGlyph, warn: WarnGlyph, fail: FailGlyph, unknown: UnknownGlyph };
const inkOf = (verdict: Mark | undefined) => (verdict ? `var(--${verdict})` : "var(--control)");

/** Below this scale letters are too small to read; a wider picture is scrolled. */
const smallest = 0.85;

/** What a check drew, and the same as a table. `wholeHref`: where there is more room for it. */
export function PictureFigure({ picture, wholeHref }: { picture: Picture; wholeHref?: string }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const title = inLocale(picture.title, locale);
  const isWide = "nodes" in picture && placePicture(picture, locale).columns.length > 3;
  return (
    <figure className="my-3 min-w-0">
      <figcaption className="mb-1.5">
        <span className="font-medium">{title}</span>{" "}
        <span className="text-soft">{inLocale(picture.summary, locale)}</span>
        {wholeHref && isWide ? (
          <Link href={wholeHref} className="ml-2 whitespace-nowrap text-accent hover:underline">
            {t("pictureWhole")}
          </Link>
        ) : null}
      </figcaption>
      <section
        aria-label={title}
        {...reachable}
        className="scroll-hint overflow-x-auto rounded-control [--under:var(--sunken)]"
      >
        {"nodes" in picture ? <Graph picture={picture} /> : <Bars picture={picture} />}
      </section>
      <Disclosure summary={t("pictureAsTable")} className="mt-1">
        {"nodes" in picture ? <PictureTable picture={picture} /> : <BarsTable picture={picture} />}
      </Disclosure>
    </figure>
  );
}

/** Boxes and arrows. */
function Graph({ picture }: { picture: GraphPicture }) {
  const locale = useLocale() as Locale;
  const heads = useId();
  const { width, height, nodes, edges, columns } = placePicture(picture, locale);
  return (
    <svg
      role="img"
      aria-label={`${inLocale(picture.title, locale)}. ${inLocale(picture.summary, locale)}`}
      viewBox={`0 0 ${width} ${height}`}
      style={{ minWidth: smallest * width, maxWidth: width }}
      className="mx-auto block w-full text-[12px]"
    >
      <defs>
        {(["pass", "warn", "fail", "unknown", "none"] as const).map((name) => (
          <marker
            key={name}
            id={`${heads}-${name}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" fill={inkOf(name === "none" ? undefined : name)} />
          </marker>
        ))}
      </defs>
      {picture.columns?.map((heading, index) => (
        <text key={`${heading.en} ${columns[index]}`} x={columns[index]} y={20} fill="var(--faint)">
          {inLocale(heading, locale)}
        </text>
      ))}
      {edges.map((edge) => (
        <Arrow key={`${edge.from} ${edge.to} ${edge.path}`} edge={edge} heads={heads} />
      ))}
      {edges.map((edge) => (
        <ArrowLabel key={`${edge.from} ${edge.to} ${edge.path}`} edge={edge} locale={locale} />
      ))}
      {nodes.map((node) => (
        <Box key={node.id} node={node} locale={locale} />
      ))}
    </svg>
  );
}

function Arrow({ edge, heads }: { edge: PlacedEdge; heads: string }) {
  return (
    <path
      d={edge.path}
      fill="none"
      stroke={inkOf(edge.verdict)}
      strokeWidth={edge.verdict === "fail" ? 2 : 1.4}
      strokeDasharray={edge.verdict === "fail" ? "6 4" : edge.verdict === "unknown" ? "2 3" : undefined}
      markerEnd={`url(#${heads}-${edge.verdict ?? "none"})`}
    />
  );
}

/** Drawn after all arrows, so that none runs through it. */
function ArrowLabel({ edge, locale }: { edge: PlacedEdge; locale: Locale }) {
  if (!edge.placed) return null;
  const { x, y, text, anchor, badgeWidth } = edge.placed;
  const [label, detail] = [wordsIn(edge.label, locale), wordsIn(edge.detail, locale)];
  return (
    <g>
      <title>{detail ? `${label}: ${detail}` : label}</title>
      {badgeWidth ? (
        <rect
          x={x - badgeWidth / 2}
          y={y - 8}
          width={badgeWidth}
          height={16}
          rx={8}
          fill="var(--raised)"
          stroke={inkOf(edge.verdict)}
        />
      ) : null}
      <text
        x={x}
        y={badgeWidth ? y + 4 : y}
        textAnchor={anchor}
        fill={badgeWidth ? "var(--ink)" : "var(--soft)"}
        {...(!badgeWidth && { stroke: "var(--sunken)", strokeWidth: 3, paintOrder: "stroke" })}
        className="text-[11px]"
      >
        {text}
      </text>
    </g>
  );
}

function Box({ node, locale }: { node: PlacedNode; locale: Locale }) {
  const label = wordsIn(node.label, locale);
  const detail = wordsIn(node.detail, locale);
  const Glyph = node.verdict ? glyphs[node.verdict] : undefined;
  const room = node.width - (Glyph ? padding.marked : padding.plain);
  return (
    <g transform={`translate(${node.x} ${node.y})`}>
      <title>{detail ? `${label}: ${detail}` : label}</title>
      <rect
        width={node.width}
        height={box.height}
        rx={5}
        fill="var(--raised)"
        stroke={inkOf(node.verdict)}
        strokeWidth={node.verdict && node.verdict !== "pass" ? 1.8 : 1}
        strokeDasharray={node.verdict === "unknown" ? "4 3" : undefined}
      />
      <text x={11} y={detail ? 19 : 27} fill="var(--ink)" className="font-medium">
        {fitting(label, room)}
      </text>
      {detail ? (
        <text x={11} y={36} fill="var(--soft)" className="text-[11px]">
          {fitting(detail, node.width - padding.plain, 5.9)}
        </text>
      ) : null}
      {Glyph ? <Glyph size={15} x={node.width - 23} y={7} style={{ color: inkOf(node.verdict) }} /> : null}
    </g>
  );
}
