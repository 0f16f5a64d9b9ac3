"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Textarea } from "../ui/input.tsx";
import { Time } from "../ui/time.tsx";
import { useSession } from "./use-session.ts";

/** What people noted, in plain text; what could not be sent stays in its box. */
export default function SessionNotes({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const { team, state, mayAct, isOpen } = useSession(sessionId);
  const [text, setText] = useState("");
  const note = useMutation(trpc.runbookSession.note.mutationOptions({ onSuccess: () => setText("") }));
  const { form, fields } = useErrorWords()(note.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!note.isPending) note.mutate({ team, sessionId, text });
  };
  return (
    <>
      <ul className="mb-3 space-y-3">
        {state.notes.map(({ id, by, at, text: written }) => (
          <li key={id}>
            <span className="text-faint">
              {by} <Time at={at} />
            </span>
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{written}</p>
          </li>
        ))}
      </ul>
      {isOpen && mayAct ? (
        <form onSubmit={submit} noValidate>
          <Field label={t("note")} error={fields.text ?? form}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                maxLength={4_000}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={note.isPending} className="mt-2">
            {t("addNote")}
          </Button>
        </form>
      ) : null}
    </>
  );
}
