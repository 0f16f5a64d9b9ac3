"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { TeamView } from "#common/contracts/team.ts";
import { exactTime } from "#common/format.ts";
import { trpc } from "#components/api/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { roleName } from "./role-name.ts";
import { useTeam } from "./use-team.ts";

export function Invitations({ invitations }: { invitations: TeamView["invitations"] }) {
  const t = useTranslations("settings");
  const locale = useLocale();
  const queries = useQueryClient();
  const team = useTeam();
  const revoke = useMutation(
    trpc.team.revokeInvitation.mutationOptions({
      onSuccess: () => toast(t("revoked")),
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() }),
    }),
  );
  if (invitations.length === 0) return <p className="text-soft">{t("invitationsNone")}</p>;
  return (
    <ul className="divide-y divide-line">
      {invitations.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
          <span className="min-w-40 flex-1 break-all">{one.email ?? t("anyone")}</span>
          <span className="w-28">{t(roleName[one.role])}</span>
          <span className="text-faint" suppressHydrationWarning>
            {t("expires", { when: exactTime(one.expiresAt, locale) })}
          </span>
          <Button
            tone="quiet"
            size="small"
            busy={revoke.isPending && revoke.variables.invitationId === one.id}
            onClick={() => revoke.mutate({ team, invitationId: one.id })}
          >
            {t("revoke")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
