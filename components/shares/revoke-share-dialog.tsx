"use client";
import { useTranslations } from "next-intl";
import type { ShareView } from "#common/contracts/share.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { RemovalDialog } from "#components/ui/removal-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useRevoke } from "./use-revoke.ts";

export default function RevokeShareDialog({ share, onClose }: { share: ShareView; onClose: () => void }) {
  const t = useTranslations("shares");
  const team = useTeam();
  const revoke = useRevoke(() => {
    toast(t("revokedDone"));
    onClose();
  });
  return (
    <RemovalDialog
      title={t("revokeTitle")}
      description={t("revokeText")}
      action={t("revoke")}
      error={useErrorWords()(revoke.error).form}
      busy={revoke.isPending}
      onRemove={() => revoke.mutate({ team, shareId: share.id })}
      onClose={onClose}
    />
  );
}
