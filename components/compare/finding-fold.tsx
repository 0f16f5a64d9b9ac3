"use client";

import type { FindingView } from "#common/contracts/run.ts";
import { FindingItem } from "../runs/finding-item.tsx";
import { Disclosure } from "../ui/disclosure.tsx";

/** Findings that stand on one side of a comparison, under what they have in common; nothing where there are none. */
export function FindingFold({
  team,
  runId,
  label,
  findings,
  open = false,
}: {
  team: string;
  runId: string;
  label: string;
  findings: FindingView[];
  open?: boolean;
}) {
  if (findings.length === 0) return null;
  return (
    <Disclosure summary={label} open={open} className="mt-2">
      <div className="divide-y divide-line">
        {findings.map((finding) => (
          <FindingItem
            key={finding.id}
            finding={finding}
            href={`/${team}/runs/${runId}/findings/${finding.id}`}
          />
        ))}
      </div>
    </Disclosure>
  );
}
