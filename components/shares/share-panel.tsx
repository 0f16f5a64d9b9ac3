"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { FormError } from "#components/ui/form-error.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ShareForm } from "./share-form.tsx";
import { ShareRow } from "./share-row.tsx";
import { useRevoke } from "./use-revoke.ts";

/** What a share dialog holds: a new link, and those there are to this run. */
export default function SharePanel(props: { team: string; runId: string; withRunId?: string }) {
  const { team, runId } = props;
  const t = useTranslations("shares");
  const { data, isPending } = useQuery(trpc.share.list.queryOptions({ team, runId }));
  const revoke = useRevoke(() => {});
  const items = data?.items ?? [];
  return (
    <>
      <ShareForm {...props} />
      <h3 className="mt-6 border-b border-line pb-1.5 font-medium">{t("ofRun")}</h3>
      <FormError>{useErrorWords()(revoke.error).form}</FormError>
      {isPending ? <Skeleton className="mt-3 h-10 w-full" /> : null}
      {!isPending && items.length === 0 ? <p className="mt-3 text-soft">{t("noneOfRun")}</p> : null}
      <ul className="divide-y divide-line">
        {items.map((share) => (
          <ShareRow
            key={share.id}
            share={share}
            onRevoke={() => revoke.mutate({ team, shareId: share.id })}
          />
        ))}
      </ul>
    </>
  );
}
