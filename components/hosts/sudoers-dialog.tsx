"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { HostGroupView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

type Props = { cluster: string; view: HostGroupView; onClose: () => void };

/** The file that lets a group's user run as root what checks name, to be copied. */
export default function SudoersDialog({ cluster, view, onClose }: Props) {
  const t = useTranslations("hosts");
  const common = useTranslations("common");
  const team = useTeam();
  const snippet = useQuery(trpc.host.sudoers.queryOptions({ team, cluster, connectionId: view.id }));
  const words = useErrorWords()(snippet.error);
  const count = snippet.data?.commands ?? 0;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={t("sudoersTitle", { user: view.group.user })}
      description={snippet.data ? (count > 0 ? t("sudoersText", { count }) : t("sudoersNone")) : null}
    >
      <div className="mt-4">
        {snippet.isPending ? <SkeletonRows rows={3} label={common("loading")} /> : null}
        {snippet.data?.text ? <CodeBlock code={snippet.data.text} /> : null}
        <FormError>{words.form}</FormError>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{common("close")}</Button>
      </DialogActions>
    </Dialog>
  );
}
