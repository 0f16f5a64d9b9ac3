"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { ResultView } from "#common/contracts/run.ts";
import type { Measurement } from "#common/result.ts";
import { trpc } from "../api/trpc.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { CoverageList } from "./coverage.tsx";
import { FindingList } from "./finding-list.tsx";
import { ReasonText } from "./reason-text.tsx";

const CostLine = lazy(() => import("./cost-line.tsx"));
const MeasurementTable = lazy(() => import("./measurement-table.tsx"));
const PictureFigure = lazy(() =>
  import("../pictures/picture-figure.tsx").then(({ PictureFigure }) => ({ default: PictureFigure })),
);

/** Everything about one settled result: why it is unknown, its pictures, findings, coverage, cost and measured values. */
export default function ResultDetail({
  team,
  runId,
  result,
  level,
}: {
  team: string;
  runId: string;
  result: ResultView;
  /** of the findings' headings */
  level?: 2 | 3 | 4;
}) {
  const t = useTranslations("runs");
  const { pass, warn, fail, unknown } = result.counts;
  const found = pass + warn + fail + unknown;
  const { data: detail } = useQuery(
    trpc.run.result.queryOptions(
      { team, runId, resultId: result.id },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  return (
    <div className="animate-arrive">
      {result.reason ? (
        <p className={result.verdict === "skip" ? "mb-2 text-soft" : "mb-2 text-unknown"}>
          <ReasonText reason={result.reason} />
        </p>
      ) : null}
      {detail?.pictures.map((picture) => (
        <Suspense key={picture.id}>
          <PictureFigure
            picture={picture}
            {...(level !== 2 && { wholeHref: `/${team}/runs/${runId}/results/${result.id}` })}
          />
        </Suspense>
      ))}
      {found > 0 ? (
        <FindingList team={team} runId={runId} resultId={result.id} level={level} />
      ) : result.verdict === "pass" ? (
        <p className="text-soft">{t("nothingFound")}</p>
      ) : null}
      <div className="mt-2 flex flex-wrap items-start justify-between gap-x-8 gap-y-1.5 border-t border-line pt-2">
        <CoverageList coverage={result.coverage} />
        {result.cost && result.cost.calls > 0 ? (
          <Suspense>
            <CostLine cost={result.cost} />
          </Suspense>
        ) : null}
      </div>
      <Measurements measurements={detail?.measurements ?? []} />
    </div>
  );
}

function Measurements({ measurements }: { measurements: Measurement[] }) {
  const t = useTranslations("runs");
  if (measurements.length === 0) return null;
  return (
    <Disclosure summary={t("measured", { count: measurements.length })} className="mt-1.5">
      <Suspense>
        <MeasurementTable measurements={measurements} />
      </Suspense>
    </Disclosure>
  );
}
