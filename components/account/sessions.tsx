"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { AccountSecurity } from "#common/contracts/account.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";

type Session = AccountSecurity["sessions"][number];

export function Sessions({ sessions }: { sessions: Session[] }) {
  const t = useTranslations("security");
  const queries = useQueryClient();
  const end = useMutation(
    trpc.profile.endSession.mutationOptions({
      onSuccess: () => toast(t("sessionEnded")),
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.profile.security.queryKey() }),
    }),
  );
  const { form } = useErrorWords()(end.error);
  const nameOf = ({ browser: { name, system } }: Session) =>
    name && system ? t("browserOn", { browser: name, system }) : (name ?? system ?? t("browserUnknown"));
  return (
    <>
      <FormError>{form}</FormError>
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="min-w-48 flex-1">
              <span className="font-medium">{nameOf(session)}</span>{" "}
              {session.current ? <Badge>{t("thisDevice")}</Badge> : null}
              <span className="block text-faint">
                {session.address ?? t("addressUnknown")}
                {session.federated ? ` · ${t("federated")}` : null}
              </span>
            </span>
            <span className="text-faint">
              {t("lastSeen")} <Time at={session.lastSeenAt} />
            </span>
            {session.current ? null : (
              <Button
                tone="quiet"
                size="small"
                aria-label={t("endThis", { browser: nameOf(session) })}
                busy={end.isPending && end.variables.sessionId === session.id}
                onClick={() => end.mutate({ sessionId: session.id })}
              >
                {t("end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Button
          className="mt-3"
          busy={end.isPending && end.variables.sessionId === null}
          onClick={() => end.mutate({ sessionId: null })}
        >
          {t("endOthers")}
        </Button>
      ) : null}
    </>
  );
}
