"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { type Role, roleCovers, roles } from "#common/role.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { Input } from "#components/ui/input.tsx";
import { OnceShown } from "#components/ui/once-shown.tsx";
import { Select } from "#components/ui/select.tsx";
import { roleName } from "./role-name.ts";
import { useMe, useTeam } from "./use-team.ts";

/** Makes a link and shows it this once. */
export default function InviteDialog({ teamName, onClose }: { teamName: string; onClose: () => void }) {
  const t = useTranslations("settings");
  const queries = useQueryClient();
  const team = useTeam();
  const { role: mine } = useMe();
  const invite = useMutation(
    trpc.team.invite.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() }),
    }),
  );
  const { form, fields } = useErrorWords()(invite.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const email = String(data.get("email")).trim();
    invite.mutate({ team, role: data.get("role") as Role, ...(email ? { email } : {}) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("inviteTitle", { team: teamName })}
      description={invite.data ? t("inviteDone") : t("inviteIntro")}
    >
      {invite.data ? (
        <OnceShown
          label={t("inviteLink")}
          value={invite.data.url}
          copy={t("inviteLinkCopy")}
          onClose={onClose}
        />
      ) : (
        <form onSubmit={submit} noValidate className="mt-4 space-y-4">
          <Field label={t("role")} error={fields.role}>
            {(control) => (
              <Select {...control} name="role" defaultValue="operator">
                {roles
                  .filter((role) => roleCovers(mine, role))
                  .map((role) => (
                    <option key={role} value={role}>
                      {t(roleName[role])}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
          <Field label={t("inviteEmail")} error={fields.email}>
            {(control) => <Input {...control} name="email" type="email" autoComplete="off" />}
          </Field>
          <FormEnd problem={form} busy={invite.isPending} onCancel={onClose}>
            {t("inviteButton")}
          </FormEnd>
        </form>
      )}
    </Dialog>
  );
}
