"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { mostDrainNodes } from "#common/contracts/drain.ts";
import { exampleFacts } from "#common/kubernetes/drain-example.ts";
import { directOwner, drainReport } from "#common/kubernetes/drain-report.ts";
import { trpc } from "#components/api/trpc.ts";
import { textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { DrainPicker } from "./parts/drain-picker.tsx";
import { DrainResult } from "./parts/drain-result.tsx";
import { type DrainPlace, DrainSourceLine, sinceReadMs, useDrainPlace } from "./parts/drain-source.tsx";

const state = { find: textPart(""), nodes: textPart() };
const keys = { find: "drain.find", nodes: "drain.nodes" };
/** Of the made-up cluster one node is picked already, so that there is something to see. */
const pickedInExample = "node-2";

export default function DrainSimulatorTool() {
  const t = useTranslations("tool-drain-simulator");
  const place = useDrainPlace();
  const [chosen, choose] = useUrlState(state, { keys });
  const names = new Set(place.nodes.map(({ name }) => name));
  const wanted = (chosen.nodes ?? (place.live ? "" : pickedInExample)).split(",");
  const picked = wanted.filter((name) => names.has(name)).slice(0, mostDrainNodes);
  if (place.pending) return <Skeleton className="h-96 w-full" />;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <DrainSourceLine place={place} />
      <div className="grid gap-y-5">
        <DrainPicker
          nodes={place.nodes}
          find={chosen.find}
          picked={new Set(picked)}
          onFind={(find) => choose({ find })}
          onPick={(nodes) => choose({ nodes: nodes.join(",") })}
        />
        <div aria-live="polite" className="min-w-0">
          {picked.length === 0 ? (
            <p className="text-lead text-soft">{t("pickSome")}</p>
          ) : (
            <Simulation place={place} picked={picked} />
          )}
        </div>
      </div>
      <p className="text-faint">{t("model")}</p>
    </section>
  );
}

function Simulation({ place, picked }: { place: DrainPlace; picked: string[] }) {
  const t = useTranslations("tool-drain-simulator");
  const { team, cluster, live } = place;
  const input = { team, cluster: cluster?.slug ?? "", nodes: picked };
  const asked = useQuery({
    ...trpc.disruption.simulate.queryOptions(input),
    enabled: live !== null,
    refetchInterval: sinceReadMs,
    placeholderData: (before) => before,
  });
  const key = picked.join(",");
  const example = useMemo(
    () => (live ? null : drainReport(exampleFacts, key.split(","), directOwner)),
    [live, key],
  );
  const report = live ? asked.data : example;
  if (live && asked.isError) return <p className="text-fail">{t("failed")}</p>;
  return report ? <DrainResult report={report} /> : <Skeleton className="h-40 w-full" />;
}
