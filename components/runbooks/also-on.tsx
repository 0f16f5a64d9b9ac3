"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { roleCovers } from "#common/role.ts";
import { useChosenCluster } from "../clusters/use-chosen-cluster.ts";
import { Checkbox } from "../ui/toggle.tsx";
import { useRunbookSession } from "./session.tsx";

/** Further clusters for the next run. Folded: most runs are about the one that the page speaks of. */
export default function AlsoOn() {
  const t = useTranslations("runbook");
  const { also, setAlso, canRun } = useRunbookSession();
  const { clusters, cluster: chosen } = useChosenCluster();
  const [open, setOpen] = useState(also.length > 0);
  const others = clusters.filter(({ slug, role }) => slug !== chosen?.slug && roleCovers(role, "operator"));
  if (!canRun || !chosen || others.length === 0) return null;
  if (!open) {
    return (
      <button
        type="button"
        aria-expanded={false}
        className="mt-1.5 text-soft hover:text-ink"
        onClick={() => setOpen(true)}
      >
        {t("alsoOn")}
      </button>
    );
  }
  return (
    <fieldset className="mt-2">
      <legend className="mb-0.5 text-faint">{t("alsoOn")}</legend>
      <div className="max-h-40 overflow-y-auto">
        {others.map(({ slug, name }) => (
          <Checkbox
            key={slug}
            className="min-h-7 items-center"
            label={name}
            checked={also.includes(slug)}
            onChange={({ target }) =>
              setAlso(target.checked ? [...also, slug] : also.filter((one) => one !== slug))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
