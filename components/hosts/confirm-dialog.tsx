"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { HostGroupView, HostView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";

type Props = { cluster: string; view: HostGroupView; hosts: HostView[]; onClose: () => void };

/** Shows the fingerprints once more; exactly these are confirmed. */
export default function ConfirmDialog({ cluster, view, hosts, onClose }: Props) {
  const t = useTranslations("hosts");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
  const words = useErrorWords();
  const confirm = useMutation(
    trpc.host.confirmKeys.mutationOptions({
      onSuccess: async (_, { keys }) => {
        toast(t("confirmed", { count: keys.length }));
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.host.list.queryKey() });
      },
    }),
  );
  const changed = hosts.find(({ keyState }) => keyState === "changed");
  const keys = hosts.flatMap(({ name, shown }) =>
    shown ? [{ host: name, fingerprint: shown.fingerprint }] : [],
  );
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={
        changed ? t("changedTitle", { host: changed.name }) : t("confirmAllTitle", { count: keys.length })
      }
      description={changed ? t("changedText") : t("confirmAllText")}
    >
      <ul className="mt-4 max-h-72 overflow-y-auto font-mono text-[0.75rem] leading-6">
        {keys.map(({ host, fingerprint }) => (
          <li key={host} className="flex flex-wrap gap-x-4 border-b border-line">
            <span>{host}</span>
            <span className="break-all text-soft">{fingerprint}</span>
          </li>
        ))}
      </ul>
      <FormError>{words(confirm.error).form}</FormError>
      <DialogActions>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button
          tone={changed ? "danger" : "primary"}
          busy={confirm.isPending}
          onClick={() => confirm.mutate({ team, cluster, connectionId: view.id, keys })}
        >
          {changed ? t("confirmChanged") : t("confirm")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
