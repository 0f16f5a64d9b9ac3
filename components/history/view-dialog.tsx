"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import type { SavedView } from "#common/contracts/history.ts";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { useMe } from "../team/use-team.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Input } from "../ui/input.tsx";
import { Checkbox } from "../ui/toggle.tsx";

type Props = { team: string; onClose: () => void } & (
  | { query: string; view?: undefined }
  | { view: SavedView; query?: undefined }
);

/** Names filters and says who sees them: a new view, or one that is there. */
export default function ViewDialog({ team, query, view, onClose }: Props) {
  const t = useTranslations("history");
  const { can } = useMe();
  const queries = useQueryClient();
  const done = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.savedView.pathKey() });
      onClose();
    },
  };
  const save = useMutation(trpc.savedView.save.mutationOptions(done));
  const update = useMutation(trpc.savedView.update.mutationOptions(done));
  const { form, fields } = useErrorWords()(save.error ?? update.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const said = { team, name: String(data.get("name")), shared: data.get("shared") === "on" };
    if (view) update.mutate({ ...said, viewId: view.id });
    else save.mutate({ ...said, query });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={view ? t("changeViewTitle", { name: view.name }) : t("saveViewTitle")}
      description={view ? undefined : t("saveViewHelp")}
    >
      <form onSubmit={submit} noValidate className="mt-4 space-y-4">
        <Field label={t("viewName")} error={fields.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              maxLength={80}
              defaultValue={view?.name ?? ""}
              autoComplete="off"
            />
          )}
        </Field>
        {can("operator") || view?.shared ? (
          <Checkbox
            name="shared"
            defaultChecked={view?.shared ?? false}
            label={t("shareView")}
            help={t("shareViewHelp")}
          />
        ) : null}
        <FormEnd problem={form} busy={save.isPending || update.isPending} onCancel={onClose}>
          {t("saveViewDone")}
        </FormEnd>
      </form>
    </Dialog>
  );
}
