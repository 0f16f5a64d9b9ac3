"use client";
import { useMutation } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { Preview } from "#common/contracts/team-runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";

type Props = { team: string; slug: string | null; text: string };

/** Judges the checks of the draft by what was read before; no target is asked. */
export function CheckPreviews({ team, slug, text }: Props) {
  const t = useTranslations("editor");
  const preview = useMutation(trpc.teamRunbook.preview.mutationOptions());
  const words = useErrorWords()(preview.error);
  return (
    <section aria-labelledby="previews">
      <div className="mb-1 flex flex-wrap items-center justify-between gap-3">
        <h2 id="previews" className="font-medium">
          {t("previews")}
        </h2>
        <Button size="small" busy={preview.isPending} onClick={() => preview.mutate({ team, slug, text })}>
          {t("previewNow")}
        </Button>
      </div>
      <p className="mb-2 max-w-[70ch] text-soft">{t("previewsHelp")}</p>
      <FieldError>{words.form}</FieldError>
      <div aria-live="polite">
        {preview.data?.length === 0 ? <p className="text-soft">{t("noChecks")}</p> : null}
        <ul className="divide-y divide-line">
          {preview.data?.map((each) => (
            <li key={each.checkId} className="py-3">
              <OnePreview preview={each} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function OnePreview({ preview }: { preview: Preview }) {
  const t = useTranslations("editor");
  const locale = useLocale() as Locale;
  const { facts, findings, findingCount } = preview;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-mono text-dense">{preview.checkId}</span>
        {preview.verdict ? <VerdictBadge verdict={preview.verdict} /> : null}
      </div>
      <p className="mt-0.5 text-faint">
        {facts.from === "none" ? t("factsNone") : null}
        {facts.from === "sample" ? t("factsSample", { count: preview.read }) : null}
        {facts.from === "result" ? (
          <>
            {t("factsResult", { cluster: facts.cluster, target: facts.target, count: preview.read })}{" "}
            <Time at={facts.at} />
          </>
        ) : null}
      </p>
      {preview.reason ? <p className="mt-1 text-soft">{preview.reason}</p> : null}
      <ul className="mt-1 space-y-1">
        {findings.map((finding) => (
          <li key={`${finding.subject} ${finding.message.en}`} className="flex flex-wrap gap-x-2">
            <VerdictBadge verdict={finding.verdict} />
            <span className="font-mono text-dense break-all">{finding.subject}</span>
            <span className="text-soft">{inLocale(finding.message, locale)}</span>
          </li>
        ))}
      </ul>
      {findingCount > findings.length ? (
        <p className="mt-1 text-faint">{t("moreFindings", { count: findingCount - findings.length })}</p>
      ) : null}
      {preview.measurements.length > 0 ? (
        <p className="mt-1 font-mono text-dense text-soft">
          {preview.measurements.map(({ name, value, unit }) => `${name} ${value} ${unit}`).join(" · ")}
        </p>
      ) : null}
    </>
  );
}
