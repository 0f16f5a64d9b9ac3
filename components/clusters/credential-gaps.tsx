"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ConnectionTest } from "#common/contracts/cluster.ts";
import { credentialGaps, permissionWords } from "#common/kubernetes/credential-gaps.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { UnknownGlyph } from "#components/ui/verdict-glyphs.tsx";
import { AccessGuide } from "./access-guide.tsx";

type Report = Extract<ConnectionTest, { ok: true }>;

/** What the tested credential means for the checks, and the manifest of one that is neither too narrow nor too broad. */
export default function CredentialGaps({ test }: { test: Report }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(trpc.cluster.accessManifest.queryOptions({ team }));
  if (!data) return null;
  const { total, unknown, missing, unasked } = credentialGaps(data.permissions, test.permissions);
  const complete = missing.length === 0 && unasked.length === 0;
  const named = (permissions: typeof missing) => permissions.map(permissionWords).join(", ");
  return (
    <div className="space-y-1">
      {unknown.length > 0 ? (
        <p className="flex gap-2">
          <UnknownGlyph className="mt-0.5 shrink-0 text-unknown" />
          <span>{t("gapsUnknown", { count: unknown.length, total, missing: named(missing) })}</span>
        </p>
      ) : null}
      {unasked.length > 0 ? (
        <p className="text-soft">{t("gapsUnasked", { permissions: named(unasked) })}</p>
      ) : null}
      {complete ? <p className="text-soft">{t("gapsNone", { total })}</p> : null}
      {unknown.length > 0 || test.broad ? (
        <AccessGuide summary={t("guideGrants")} open={open} onToggle={setOpen} />
      ) : null}
    </div>
  );
}
