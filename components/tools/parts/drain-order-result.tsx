"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { DrainOrderReport } from "#common/contracts/drain.ts";
import { drainCommands } from "#common/kubernetes/drain-commands.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { VerdictIcon } from "../../ui/verdict.tsx";
import { Names } from "./drain-result.tsx";

type Batch = DrainOrderReport["batches"][number];

const shownAtFirst = 12;

/** The order step by step, and before it what stands in the way of the rest. */
export function DrainOrderResult({ report, parallel }: { report: DrainOrderReport; parallel: number }) {
  const t = useTranslations("tool-drain-order");
  const { batches, blocked, nodes } = report;
  const orderly = nodes - blocked.length;
  const verdict = blocked.length > 0 ? "fail" : "pass";
  return (
    <div className="grid gap-5">
      <div>
        <p className="flex gap-2 text-lead text-ink">
          {nodes === 0 ? null : <VerdictIcon verdict={verdict} size={20} labelled className="mt-1" />}
          <span>
            {nodes === 0
              ? t("noNodes")
              : t(blocked.length > 0 ? "answerSome" : "answerAll", {
                  nodes,
                  orderly,
                  blocked: blocked.length,
                  steps: batches.length,
                })}
          </span>
        </p>
        {batches.length > 0 ? <p className="text-soft">{t("moves", { count: report.moves })}</p> : null}
        {report.tookMs >= 1 ? (
          <p className="text-faint">{t("took", { ms: Math.round(report.tookMs) })}</p>
        ) : null}
      </div>
      {blocked.length > 0 ? <Blocked blocked={blocked} /> : null}
      {batches.length > 0 ? <Steps batches={batches} parallel={parallel} /> : null}
    </div>
  );
}

function Blocked({ blocked }: { blocked: DrainOrderReport["blocked"] }) {
  const t = useTranslations("tool-drain-order");
  const [all, showAll] = useState(false);
  const shown = all ? blocked : blocked.slice(0, shownAtFirst);
  return (
    <section>
      <h4 className="font-medium text-ink">{t("blocked", { count: blocked.length })}</h4>
      <ul className="mt-1 grid gap-2 border-l border-line pl-3">
        {shown.map(({ node, obstacles }) => (
          <li key={node} className="min-w-0">
            <span className="font-mono text-dense break-all text-ink">{node}</span>
            <ul className="text-soft">
              {obstacles.map(({ code, certain, namespace, name, rule, pods }) => (
                <li key={`${code} ${namespace}/${name}`}>
                  {t(`obstacle_${code}`, { name: `${namespace}/${name}`, rule, count: pods.count })}{" "}
                  {certain ? null : `${t("tried")} `}
                  <Names of={pods.names} all={pods.count} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {all || blocked.length <= shownAtFirst ? null : (
        <Button size="small" className="mt-2" onClick={() => showAll(true)}>
          {t("showAll", { count: blocked.length })}
        </Button>
      )}
    </section>
  );
}

function Steps({ batches, parallel }: { batches: Batch[]; parallel: number }) {
  const t = useTranslations("tool-drain-order");
  const [all, showAll] = useState(false);
  const shown = all ? batches : batches.slice(0, shownAtFirst);
  return (
    <section>
      <h4 className="font-medium text-ink">{t("steps", { count: batches.length, parallel })}</h4>
      <ol className="mt-1 grid gap-2">
        {shown.map((batch, index) => (
          <li key={batch.nodes.join()} className="grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-2">
            <span className="text-right text-faint tabular-nums">{index + 1}</span>
            <Step batch={batch} />
          </li>
        ))}
      </ol>
      {all || batches.length <= shownAtFirst ? null : (
        <Button size="small" className="mt-2" onClick={() => showAll(true)}>
          {t("showAll", { count: batches.length })}
        </Button>
      )}
    </section>
  );
}

function Step({ batch }: { batch: Batch }) {
  const t = useTranslations("tool-drain-order");
  const { nodes, zone, evicted, waves, waiting, lost } = batch;
  return (
    <div className="min-w-0">
      <span className="font-mono text-dense break-words text-ink">{nodes.join(" ")}</span>{" "}
      <span className="text-soft">
        {zone ? `${zone} · ` : ""}
        {t("evicted", { count: evicted, waves })}
      </span>
      {waiting.count > 0 ? (
        <p className="flex gap-1.5 text-soft">
          <VerdictIcon verdict="warn" size={14} labelled className="mt-[3px]" />
          <span>
            {t("waiting", { count: waiting.count })} <Names of={waiting.names} all={waiting.count} />
          </span>
        </p>
      ) : null}
      {lost.count > 0 ? (
        <p className="flex gap-1.5 text-soft">
          <VerdictIcon verdict="warn" size={14} labelled className="mt-[3px]" />
          <span>
            {t("lost", { count: lost.count })} <Names of={lost.names} all={lost.count} />
          </span>
        </p>
      ) : null}
      <Disclosure summary={t("commands")}>
        <CodeBlock code={drainCommands(batch)} />
      </Disclosure>
    </div>
  );
}
