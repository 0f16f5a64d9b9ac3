"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { DrainReport, DrainWhy } from "#common/contracts/drain.ts";
import type { Verdict } from "#common/verdict.ts";
import { VerdictIcon } from "../../ui/verdict.tsx";

const whys = ["drained", "selector", "taint", "volume", "not-ready", "apart", "room"] as const;

/** What a drain would do, worst first; the sentence on top holds the answer. */
export function DrainResult({ report }: { report: DrainReport }) {
  const t = useTranslations("tool-drain-simulator");
  const { totals, lost, scratch } = report;
  const harmless = totals.down + totals.refused + totals.homeless + lost.count === 0;
  const verdict: Verdict = totals.down + totals.refused > 0 ? "fail" : harmless ? "pass" : "warn";
  return (
    <div className="grid gap-4">
      <p className="flex gap-2 text-lead text-ink">
        <VerdictIcon verdict={verdict} size={20} labelled className="mt-1" />
        <span>
          {t(verdict === "fail" ? "answerFail" : verdict === "warn" ? "answerWarn" : "answerPass", {
            nodes: report.nodes,
            down: totals.down,
            refused: totals.refused,
          })}{" "}
          <span className="text-soft">
            {t("evicted", { count: report.evicted, waves: report.waves, staying: report.staying })}
          </span>
        </span>
      </p>
      <Part verdict="fail" title={t("down", { count: totals.down })} hidden={totals.down === 0}>
        {report.down.map(({ namespace, name, endpoints, last, after }) => (
          <Line key={`${namespace}/${name}`} name={`${namespace}/${name}`}>
            {t(last ? "downLast" : after > 0 ? "downUntil" : "downForGood", { count: endpoints })}
          </Line>
        ))}
      </Part>
      <Part verdict="fail" title={t("refused", { count: totals.refused })} hidden={totals.refused === 0}>
        {report.refused.map(({ why, namespace, budgets, rule, pods }) => (
          <Line key={`${why} ${namespace} ${budgets.join()}`} name={`${namespace}/${budgets.join(", ")}`}>
            {t(`refused_${why}`, { rule, count: pods.count })} <Names of={pods.names} all={pods.count} />
          </Line>
        ))}
      </Part>
      <Part verdict="warn" title={t("homeless", { count: totals.homeless })} hidden={totals.homeless === 0}>
        {report.homeless.map(({ owner, count, why }) => (
          <Line
            key={`${owner.kind} ${owner.namespace}/${owner.name} ${JSON.stringify(why)}`}
            name={`${owner.kind} ${owner.namespace}/${owner.name}`}
          >
            {t("homelessPods", { count })} <Why of={why} />
          </Line>
        ))}
      </Part>
      <Part verdict="warn" title={t("lost", { count: lost.count })} hidden={lost.count === 0}>
        <li>
          <Names of={lost.names} all={lost.count} />
        </li>
      </Part>
      <Part verdict="warn" title={t("thin", { count: totals.thin })} hidden={totals.thin === 0}>
        {report.thin.map(({ namespace, name, endpoints, left }) => (
          <Line key={`${namespace}/${name}`} name={`${namespace}/${name}`}>
            {t("thinLeft", { left, endpoints })}
          </Line>
        ))}
      </Part>
      {scratch.count > 0 ? (
        <p className="text-soft">
          {t("scratch", { count: scratch.count })} <Names of={scratch.names} all={scratch.count} />
        </p>
      ) : null}
    </div>
  );
}

function Part({
  verdict,
  title,
  hidden,
  children,
}: {
  verdict: Verdict;
  title: string;
  hidden: boolean;
  children: ReactNode;
}) {
  if (hidden) return null;
  return (
    <section>
      <h4 className="flex items-center gap-1.5 font-medium text-ink">
        <VerdictIcon verdict={verdict} labelled />
        {title}
      </h4>
      <ul className="mt-1 grid gap-1 border-l border-line pl-3">{children}</ul>
    </section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li className="min-w-0">
      <span className="font-mono text-dense break-all text-ink">{name}</span>{" "}
      <span className="text-soft">{children}</span>
    </li>
  );
}

/** Some names of many. */
export function Names({ of, all }: { of: string[]; all: number }) {
  const t = useTranslations("tool-drain");
  if (of.length === 0) return null;
  return (
    <span className="font-mono text-dense break-all text-faint">
      {of.join(", ")}
      {all > of.length ? ` ${t("andMore", { count: all - of.length })}` : ""}
    </span>
  );
}

function Why({ of }: { of: DrainWhy }) {
  const t = useTranslations("tool-drain-simulator");
  const parts = whys.flatMap((why) => (of[why] > 0 ? [t(`why_${why}`, { count: of[why] })] : []));
  return <>{parts.join(t("comma"))}</>;
}
