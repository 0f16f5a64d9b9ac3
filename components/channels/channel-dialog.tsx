"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { ChannelView } from "#common/contracts/channel.ts";
import type { Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";
import { AddressFields } from "./address-fields.tsx";
import { ChangeFields } from "./change-fields.tsx";
import { draftOf, emptyChoice, inputOf } from "./channel-draft.ts";
import { QuietFields } from "./quiet-fields.tsx";
import { ScopeFields } from "./scope-fields.tsx";
import { SigningSecret } from "./signing-secret.tsx";

type Props = { channel: ChannelView | null; mail: boolean; onClose: () => void };

/** Adds a channel or changes one. The secret of a signed webhook is shown once, when it was added. */
export default function ChannelDialog({ channel, mail, onClose }: Props) {
  const t = useTranslations("channels");
  const { save, pending, error, secret } = useSave(channel, onClose);
  const description = secret ? t("secretOnce") : undefined;
  return (
    <Dialog
      open
      wide={!secret}
      onOpenChange={(open) => open || onClose()}
      title={channel ? t("editTitle", { name: channel.name }) : t("addTitle")}
      description={description}
    >
      {secret ? (
        <SigningSecret value={secret} onClose={onClose} />
      ) : (
        <ChannelForm {...{ channel, mail, save, pending, error, onClose }} />
      )}
    </Dialog>
  );
}

type Saving = Omit<ReturnType<typeof useSave>, "secret">;

function ChannelForm({ channel, mail, save, pending, error, onClose }: Props & Saving) {
  const t = useTranslations("channels");
  const common = useTranslations("common");
  const locale = useLocale() as Locale;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [draft, setDraft] = useState(() => draftOf(channel, { timeZone, locale }));
  const [nothingChosen, setNothingChosen] = useState(false);
  const change = (part: Partial<typeof draft>) => setDraft((held) => ({ ...held, ...part }));
  const { form, fields } = useErrorWords()(error);
  const errors = nothingChosen ? { ...fields, checks: t("chooseSomething") } : fields;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNothingChosen(emptyChoice(draft));
    if (!emptyChoice(draft)) save(draft);
  };
  const parts = { draft, errors, onChange: change };
  return (
    <form onSubmit={submit} noValidate className="mt-4 space-y-5">
      <AddressFields {...parts} channel={channel} mail={mail} />
      <ChangeFields {...parts} />
      <ScopeFields {...parts} />
      <QuietFields {...parts} />
      <Switch
        label={t("enabled")}
        help={t("enabledHelp")}
        checked={draft.enabled}
        onChange={(event) => change({ enabled: event.target.checked })}
      />
      <FormEnd
        problem={form ?? (error || nothingChosen ? t("seeFields") : null)}
        busy={pending}
        onCancel={onClose}
      >
        {channel ? common("save") : t("add")}
      </FormEnd>
    </form>
  );
}

function useSave(channel: ChannelView | null, onClose: () => void) {
  const t = useTranslations("channels");
  const team = useTeam();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: trpc.channel.pathKey() });
  const done = async () => {
    toast(t("saved"));
    await refresh();
    onClose();
  };
  const create = useMutation(
    trpc.channel.create.mutationOptions({
      onSuccess: ({ signingSecret }) => (signingSecret === null ? done() : refresh()),
    }),
  );
  const update = useMutation(trpc.channel.update.mutationOptions({ onSuccess: done }));
  const save = (draft: ReturnType<typeof draftOf>) => {
    const input = { team, ...inputOf(draft) };
    const { kind, address } = draft;
    if (!channel) return create.mutate({ ...input, kind, address });
    update.mutate({ ...input, channelId: channel.id, ...(address.trim() ? { address } : {}) });
  };
  return {
    save,
    pending: create.isPending || update.isPending,
    error: create.error ?? update.error,
    secret: create.data?.signingSecret ?? null,
  };
}
