"use client";

import clsx from "clsx";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { FindingView } from "#common/contracts/run.ts";
import { number } from "#common/format.ts";
import type { RemedyStep, Subject } from "#common/result.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { reads } from "#common/words.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { VerdictIcon } from "../ui/verdict.tsx";
import { SubjectName } from "./subject.tsx";

/** One finding: what it is about, what was expected and observed, what to do. `href` is its permanent address. */
export function FindingItem({
  finding,
  href,
  open,
  level = 3,
}: {
  finding: FindingView;
  href?: string;
  open?: boolean;
  /** of its heading, one below that of the result it belongs to */
  level?: 2 | 3 | 4;
}) {
  const Heading = `h${level}` as const;
  const locale = useLocale() as Locale;
  const t = useTranslations("runs");
  return (
    <article className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 py-3" data-verdict={finding.verdict}>
      <VerdictIcon verdict={finding.verdict} labelled className="mt-0.5" />
      <div className="min-w-0 wrap-anywhere">
        <header className="flex flex-wrap items-baseline justify-between gap-x-4">
          <Heading className="font-normal">
            <SubjectName subject={finding.subject} />
          </Heading>
          <span className="flex flex-wrap gap-x-3">
            {href ? (
              <Link href={href} className="text-faint hover:text-accent hover:underline">
                {finding.code}
              </Link>
            ) : (
              <span className="text-faint">{finding.code}</span>
            )}
            {href && finding.life ? (
              <Link
                href={`/${href.split("/")[1]}/findings/${finding.life.id}`}
                className="text-accent hover:underline"
              >
                {t(`life.${finding.life.state}`)}
              </Link>
            ) : null}
          </span>
        </header>
        <p className="mt-0.5 max-w-[84ch] text-body">{inLocale(finding.message, locale)}</p>
        <Comparison
          observed={reads(finding, "observed", locale)}
          expected={reads(finding, "expected", locale)}
        />
        {finding.affected && finding.affected.count > 1 ? (
          <Affected count={finding.affected.count} sample={finding.affected.sample} open={open} />
        ) : null}
        {finding.evidence?.length ? (
          <Disclosure summary={t("evidence")} open={open} className="mt-1.5">
            <div className="space-y-2">
              {finding.evidence.map((one) => (
                <CodeBlock
                  key={`${one.source} ${one.excerpt}`}
                  caption={reads(one, "source", locale)}
                  code={reads(one, "excerpt", locale) ?? ""}
                />
              ))}
            </div>
          </Disclosure>
        ) : null}
        {finding.remedy?.length ? <Remedy steps={finding.remedy} open={open} /> : null}
      </div>
    </article>
  );
}

function Comparison({ observed, expected }: Pick<FindingView, "observed" | "expected">) {
  const t = useTranslations("runs");
  if (!observed && !expected) return null;
  const rows = [
    ["observed", observed],
    ["expected", expected],
  ] as const;
  return (
    <dl className="mt-1.5 grid gap-x-6 gap-y-1 sm:grid-cols-2">
      {rows.map(([name, value]) =>
        value ? (
          <div key={name} className="min-w-0 border-l-2 border-line pl-2.5">
            <dt className="text-faint">{t(name)}</dt>
            <dd className={clsx("font-mono text-[0.75rem] break-words", name === "observed" && "text-ink")}>
              {value}
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Affected({ count, sample, open }: { count: number; sample: Subject[]; open?: boolean }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  const rest = count - sample.length;
  return (
    <Disclosure summary={t("affected", { count })} open={open} className="mt-1.5">
      <ul className="columns-1 gap-8 sm:columns-2">
        {sample.map((subject) => (
          <li key={`${subject.kind} ${subject.namespace} ${subject.name} ${subject.part}`}>
            <SubjectName subject={subject} />
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className="text-faint">{t("affectedMore", { count: number(rest, locale) })}</p> : null}
    </Disclosure>
  );
}

function Remedy({ steps, open }: { steps: RemedyStep[]; open?: boolean }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  return (
    <Disclosure summary={t("remedy")} open={open} className="mt-1.5">
      <ol className="space-y-2.5">
        {steps.map((step) => (
          <li key={`${step.purpose} ${step.text.en} ${step.command}`}>
            <p>
              <span className="mr-2 text-faint">{t(`purpose.${step.purpose}`)}</span>
              {inLocale(step.text, locale)}
            </p>
            {step.command ? <CodeBlock code={step.command} className="mt-1" /> : null}
          </li>
        ))}
      </ol>
    </Disclosure>
  );
}
