"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { Member } from "#common/contracts/team.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { OnceShown } from "#components/ui/once-shown.tsx";
import { useTeam } from "./use-team.ts";

/** Makes a link for a new password and shows it this once. */
export default function ResetDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const team = useTeam();
  const make = useMutation(trpc.team.resetPassword.mutationOptions());
  const { form, fields } = useErrorWords()(make.error);
  const { name, userId } = member;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("resetTitle", { name })}
      description={make.data ? t("resetDone", { name }) : t("resetText", { name })}
    >
      {make.data ? (
        <OnceShown
          label={t("resetLink")}
          value={make.data.url}
          copy={t("inviteLinkCopy")}
          onClose={onClose}
        />
      ) : (
        <>
          <div className="mt-3">
            <FormError>{form ?? Object.values(fields)[0]}</FormError>
          </div>
          <DialogActions>
            <Button onClick={onClose}>{common("cancel")}</Button>
            <Button tone="primary" busy={make.isPending} onClick={() => make.mutate({ team, userId })}>
              {t("inviteButton")}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
