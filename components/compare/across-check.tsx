"use client";

import { useLocale, useTranslations } from "next-intl";
import type { AcrossCheck, AcrossTarget } from "#common/contracts/across.ts";
import { number } from "#common/format.ts";
import type { Locale } from "#common/text.ts";
import { reads } from "#common/words.ts";
import { valueWords } from "../measurements/value-words.ts";
import { FindingItem } from "../runs/finding-item.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { Section } from "../ui/page-header.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { UnknownGlyph } from "../ui/verdict-glyphs.tsx";
import { FindingFold } from "./finding-fold.tsx";

type Sides = Record<"a" | "b", { name: string; runId: string }>;

/** One check on both sides. What only one has and what differs is open; numbers and what is the same are folded. */
export function AcrossCheckView({
  team,
  check,
  title,
  sides,
}: {
  team: string;
  check: AcrossCheck;
  title: string;
  sides: Sides;
}) {
  const t = useTranslations("across");
  const { counts, unmatched } = check;
  const nothing = counts.onlyA + counts.onlyB + counts.differing === 0 && check.incomparable === null;
  const alike = counts.same > 0 || unmatched.a + unmatched.b === 0;
  const names = { a: sides.a.name, b: sides.b.name };
  return (
    <Section
      title={title}
      aside={
        <span className="flex flex-wrap items-center gap-2">
          <Said label="A" target={check.a} />
          <Said label="B" target={check.b} />
        </span>
      }
    >
      {check.incomparable ? (
        <p className="mb-2 flex gap-1.5 text-unknown">
          <UnknownGlyph size={14} className="mt-[3px] shrink-0" />
          {t(`incomparable.${check.incomparable}`, names)}
        </p>
      ) : null}
      {check.params.length > 0 ? <Params check={check} /> : null}
      {nothing && alike ? <p className="text-soft">{t("alike", { count: counts.same })}</p> : null}
      <FindingFold
        open
        {...{ team, runId: sides.a.runId, findings: check.onlyA }}
        label={t("only", { count: counts.onlyA, name: names.a })}
      />
      <FindingFold
        open
        {...{ team, runId: sides.b.runId, findings: check.onlyB }}
        label={t("only", { count: counts.onlyB, name: names.b })}
      />
      <Differing team={team} check={check} sides={sides} />
      {nothing ? null : counts.same > 0 ? (
        <p className="mt-2 text-soft">{t("same", { count: counts.same })}</p>
      ) : null}
      <Matching check={check} names={names} />
      <Measurements check={check} names={names} />
    </Section>
  );
}

function Said({ label, target }: { label: string; target: AcrossTarget | null }) {
  const t = useTranslations("across");
  return (
    <span className="inline-flex items-center gap-1.5" title={target?.name}>
      <span className="text-faint">{label}</span>
      {target?.verdict ? <VerdictBadge verdict={target.verdict} /> : t("notAsked")}
    </span>
  );
}

function Params({ check }: { check: AcrossCheck }) {
  const t = useTranslations("across");
  return (
    <p className="mb-2 text-warn">
      {t("params")}{" "}
      {check.params.map(({ name, a, b }) => (
        <span key={name} className="mr-3 font-mono text-[0.75rem] text-ink">
          {name}: {a || "–"} / {b || "–"}
        </span>
      ))}
    </p>
  );
}

function Differing({ team, check, sides }: { team: string; check: AcrossCheck; sides: Sides }) {
  const locale = useLocale() as Locale;
  const t = useTranslations("across");
  if (check.differing.length === 0) return null;
  return (
    <Disclosure summary={t("differing", { count: check.counts.differing })} open className="mt-2">
      <div className="divide-y divide-line">
        {check.differing.map(({ a, b }) => (
          <div key={a.id}>
            <FindingItem finding={a} href={`/${team}/runs/${sides.a.runId}/findings/${a.id}`} />
            <p className="flex flex-wrap items-center gap-x-2 pb-3 pl-6 text-faint">
              {t("there", { name: sides.b.name })} <VerdictBadge verdict={b.verdict} />
              <span className="font-mono text-[0.75rem]">{reads(b, "observed", locale) ?? ""}</span>
            </p>
          </div>
        ))}
      </div>
    </Disclosure>
  );
}

/** What the comparison took for the same, and what it has left out. */
function Matching({ check, names }: { check: AcrossCheck; names: { a: string; b: string } }) {
  const t = useTranslations("across");
  const { unmatched, byOwner } = check;
  return (
    <>
      {byOwner > 0 ? <p className="mt-2 text-faint">{t("byOwner", { count: byOwner })}</p> : null}
      {unmatched.a + unmatched.b > 0 ? (
        <p className="mt-2 text-unknown">
          {t("unmatched", { countA: unmatched.a, countB: unmatched.b, ...names })}{" "}
          <span className="font-mono text-[0.75rem]">{unmatched.sample.join(", ")}</span>
        </p>
      ) : null}
    </>
  );
}

function Measurements({ check, names }: { check: AcrossCheck; names: { a: string; b: string } }) {
  const t = useTranslations("across");
  const locale = useLocale();
  if (check.measurements.length === 0) return null;
  const label = t("measured", { count: check.measurements.length });
  return (
    <Disclosure summary={label} className="mt-2">
      <Table label={label}>
        <Thead>
          <tr>
            <Th>{t("measurement")}</Th>
            <Th numeric>{names.a}</Th>
            <Th numeric>{names.b}</Th>
            <Th numeric>{t("ratio")}</Th>
          </tr>
        </Thead>
        <tbody>
          {check.measurements.map((each) => (
            <Tr key={`${each.name} ${each.subject} ${each.unit}`}>
              <Td className="font-mono text-[0.75rem]">
                {each.subject === null ? each.name : `${each.name} · ${each.subject}`}
              </Td>
              <Td numeric>{valueWords(each.a, each.unit, locale)}</Td>
              <Td numeric>{valueWords(each.b, each.unit, locale)}</Td>
              <Td numeric>{each.ratio === null ? "–" : `${number(each.ratio, locale, 2)}×`}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Disclosure>
  );
}
