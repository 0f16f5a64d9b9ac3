"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";

const RemovalDialog = lazy(() =>
  import("#components/ui/removal-dialog.tsx").then((module) => ({ default: module.RemovalDialog })),
);

/** What signs the bundles of this instance: its fingerprint, where its public half is, and for its owners another one. */
export function SigningKeys() {
  const t = useTranslations("shares");
  const team = useTeam();
  const { data } = useSuspenseQuery(trpc.signingKey.list.queryOptions({ team }));
  const [asking, setAsking] = useState(false);
  const current = data.keys.find(({ retiredAt }) => retiredAt === null);
  const old = data.keys.length - (current ? 1 : 0);
  return (
    <Section
      title={t("keyTitle")}
      aside={
        data.mayReplace && current ? (
          <Button size="small" onClick={() => setAsking(true)}>
            {t("keyReplace")}
          </Button>
        ) : null
      }
    >
      <p className="max-w-[72ch] text-soft">{t("keyText")}</p>
      {current ? (
        <dl className="mt-3 grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
          <dt className="text-faint">{t("fingerprint")}</dt>
          <dd>
            <code className="font-mono wrap-anywhere">{current.fingerprint}</code>
          </dd>
          <dt className="text-faint">{t("keySince")}</dt>
          <dd>
            <Time at={current.createdAt} />
          </dd>
          <dt className="text-faint">{t("keyDownload")}</dt>
          <dd>
            <a href="/api/v1/signing-keys.pem" className="text-accent underline-offset-2 hover:underline">
              /api/v1/signing-keys.pem
            </a>
          </dd>
        </dl>
      ) : (
        <p className="mt-3">{t("keyNone")}</p>
      )}
      {old > 0 ? <p className="mt-3 text-soft">{t("keyOld", { count: old })}</p> : null}
      <Suspense>{asking ? <ReplaceKey onClose={() => setAsking(false)} /> : null}</Suspense>
    </Section>
  );
}

function ReplaceKey({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shares");
  const queries = useQueryClient();
  const replace = useMutation(
    trpc.signingKey.replace.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.signingKey.list.pathKey() });
        toast(t("keyReplaced"));
        onClose();
      },
    }),
  );
  return (
    <RemovalDialog
      title={t("keyReplaceTitle")}
      description={t("keyReplaceText")}
      action={t("keyReplace")}
      error={useErrorWords()(replace.error).form}
      busy={replace.isPending}
      onRemove={() => replace.mutate()}
      onClose={onClose}
    />
  );
}
