"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ChannelView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { SigningSecret } from "./signing-secret.tsx";

/** Another signing secret, shown this once. */
export default function RotateDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const t = useTranslations("channels");
  const common = useTranslations("common");
  const team = useTeam();
  const rotate = useMutation(trpc.channel.rotateSecret.mutationOptions());
  const words = useErrorWords()(rotate.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("rotateTitle", { name: channel.name })}
      description={rotate.data ? t("secretOnce") : t("rotateText")}
    >
      {rotate.data ? (
        <SigningSecret value={rotate.data.signingSecret} onClose={onClose} />
      ) : (
        <>
          <div className="mt-4">
            <FormError>{words.form}</FormError>
          </div>
          <DialogActions>
            <Button onClick={onClose}>{common("cancel")}</Button>
            <Button
              tone="primary"
              busy={rotate.isPending}
              onClick={() => rotate.mutate({ team, channelId: channel.id })}
            >
              {t("rotate")}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
