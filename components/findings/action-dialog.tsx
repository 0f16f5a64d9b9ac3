"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormEnd } from "#components/ui/form-end.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";

export type AskedFor = "acknowledge" | "mute" | "settle";

type Props = {
  team: string;
  ids: string[];
  asked: AskedFor;
  onDone: () => Promise<void>;
  onClose: () => void;
};

/** Asks why, and for a mute until when. */
export function ActionDialog({ team, ids, asked, onDone, onClose }: Props) {
  const t = useTranslations("findings");
  const words = useErrorWords();
  const [note, setNote] = useState("");
  const [until, setUntil] = useState("");
  const done = { onSuccess: onDone };
  const acknowledge = useMutation(trpc.finding.acknowledge.mutationOptions(done));
  const mute = useMutation(trpc.finding.mute.mutationOptions(done));
  const settle = useMutation(trpc.finding.settle.mutationOptions(done));
  const mutation = { acknowledge, mute, settle }[asked];
  const errors = words(mutation.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (asked === "acknowledge") acknowledge.mutate({ team, ids, note });
    else if (asked === "settle") settle.mutate({ team, ids, note });
    else mute.mutate({ team, ids, reason: note, until: endOfDay(until) });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(`${asked}Title`, { count: ids.length })}
      description={t(`${asked}Help`)}
    >
      <form className="mt-4 space-y-4" onSubmit={send}>
        <Field label={t("why")} error={errors.fields.note ?? errors.fields.reason} required>
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              required
              maxLength={1_000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        {asked === "mute" ? (
          <Field label={t("until")} help={t("untilHelp")} error={errors.fields.until} required>
            {(control) => (
              <Input
                {...control}
                type="date"
                required
                className="w-44"
                value={until}
                onChange={(event) => setUntil(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <FormEnd problem={errors.form} busy={mutation.isPending} onCancel={onClose}>
          {t(asked)}
        </FormEnd>
      </form>
    </Dialog>
  );
}

/** A day is a whole day in the reader's time zone. */
function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59.999`);
}
