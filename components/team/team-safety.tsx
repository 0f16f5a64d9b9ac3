"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Switch } from "#components/ui/toggle.tsx";
import { useMe, useTeam } from "./use-team.ts";

/** Whether the team asks for a second factor, and the way out of it. */
export default function TeamSafety({ name, requireTwoFactor }: { name: string; requireTwoFactor: boolean }) {
  const t = useTranslations("settings");
  const [leaving, setLeaving] = useState(false);
  return (
    <div className="space-y-4">
      <RequireTwoFactor required={requireTwoFactor} />
      <Button onClick={() => setLeaving(true)}>{t("leave")}</Button>
      {leaving ? <LeaveDialog name={name} onClose={() => setLeaving(false)} /> : null}
    </div>
  );
}

function RequireTwoFactor({ required }: { required: boolean }) {
  const t = useTranslations("settings");
  const team = useTeam();
  const { can } = useMe();
  const queries = useQueryClient();
  const change = useMutation(
    trpc.team.requireTwoFactor.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() }),
    }),
  );
  const { form } = useErrorWords()(change.error);
  return (
    <div>
      <Switch
        label={t("requireTwoFactor")}
        help={can("owner") ? t("requireTwoFactorHelp") : t("requireTwoFactorOwner")}
        checked={change.isPending ? change.variables.required : required}
        disabled={!can("owner")}
        onChange={({ target }) => change.mutate({ team, required: target.checked })}
      />
      <FormError>{form}</FormError>
    </div>
  );
}

function LeaveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const team = useTeam();
  // A full load: nothing of the team stays in memory.
  const leave = useMutation(trpc.team.leave.mutationOptions({ onSuccess: () => location.assign("/") }));
  const { form } = useErrorWords()(leave.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("leaveTitle", { team: name })}
      description={t("leaveText")}
    >
      <div className="mt-3">
        <FormError>{form}</FormError>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          tone="danger"
          busy={leave.isPending || leave.isSuccess}
          onClick={() => leave.mutate({ team })}
        >
          {t("leave")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
