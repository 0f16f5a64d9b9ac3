"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { toast } from "#components/ui/toast.ts";
import { emptySource, missingFields, type SourceDraft, toSource } from "./source-draft.ts";
import { SourceFields } from "./source-fields.tsx";
import { type SourceErrors, useMissingWords, useSourceErrors } from "./use-source-errors.ts";

export default function ReplaceDialog({ cluster, onClose }: { cluster: ClusterView; onClose: () => void }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const queries = useQueryClient();
  const isFirst = !cluster.connections.some(({ kind }) => kind === "kubernetes");
  const [draft, setDraft] = useState<SourceDraft>({
    ...emptySource,
    server: cluster.connections.find(({ kind }) => kind === "kubernetes")?.address ?? "",
  });
  const [missing, setMissing] = useState<SourceErrors>({});
  const missingWords = useMissingWords();
  const replace = useMutation(
    trpc.cluster.replaceCredential.mutationOptions({
      gcTime: 0,
      onSuccess: async () => {
        setDraft(emptySource);
        toast(isFirst ? t("connected", { name: cluster.name }) : t("replaced"));
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.cluster.pathKey() });
      },
    }),
  );
  const refused = useSourceErrors()(replace.error, draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(missingWords(draft));
    if (missingFields(draft).length > 0) return;
    replace.mutate({ team, cluster: cluster.slug, source: toSource(draft) });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={isFirst ? t("connectApi") : t("replaceTitle", { name: cluster.name })}
      description={isFirst ? t("connectIntro") : t("replaceText")}
    >
      <form onSubmit={submit} noValidate autoComplete="off" className="mt-4 space-y-4">
        <SourceFields
          draft={draft}
          onChange={(part) => {
            setDraft((held) => ({ ...held, ...part }));
            setMissing({});
            if (replace.error) replace.reset();
          }}
          errors={{ ...refused.source, ...missing }}
        />
        <FormEnd problem={refused.form} busy={replace.isPending} onCancel={onClose}>
          {isFirst ? t("connectApi") : t("replaceSave")}
        </FormEnd>
      </form>
    </Dialog>
  );
}
