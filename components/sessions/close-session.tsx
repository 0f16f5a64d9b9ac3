"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { sessionSummary } from "#common/session-summary.ts";
import { trpc } from "../api/trpc.ts";
import { useErrorWords } from "../layout/use-error-words.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Textarea } from "../ui/input.tsx";
import { useSession } from "./use-session.ts";

/** The end of a session: what was found and what is left, its export, and the way back in. */
export default function CloseSession({ sessionId }: { sessionId: string }) {
  const t = useTranslations("sessions");
  const { team, state, steps, mayAct, isOpen } = useSession(sessionId);
  const [found, setFound] = useState(state.found);
  const [openPoints, setOpenPoints] = useState(state.openPoints);
  const close = useMutation(trpc.runbookSession.close.mutationOptions());
  const reopen = useMutation(trpc.runbookSession.reopen.mutationOptions());
  const { form, fields } = useErrorWords()(close.error ?? reopen.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!close.isPending) close.mutate({ team, sessionId, found, openPoints });
  };
  const words = {
    ...{ runbook: t("runbook"), cluster: t("cluster"), started: t("started"), closed: t("closed") },
    ...{ steps: t("steps"), runs: t("runs"), found: t("found"), openPoints: t("openPoints") },
    ...{ notes: t("notes"), none: t("none"), notDone: t("notDone") },
  };
  return (
    <>
      {isOpen && mayAct ? (
        <form onSubmit={submit} noValidate className="space-y-3">
          <Field label={t("found")} error={fields.found}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                value={found}
                onChange={(event) => setFound(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("openPoints")} error={fields.openPoints ?? form}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                value={openPoints}
                onChange={(event) => setOpenPoints(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={close.isPending}>
            {t("close")}
          </Button>
        </form>
      ) : (
        <dl className="mb-3">
          {(
            [
              ["found", state.found],
              ["openPoints", state.openPoints],
            ] as const
          ).map(([name, text]) => (
            <div key={name} className="mb-2">
              <dt className="text-faint">{t(name)}</dt>
              <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text || t("none")}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {!isOpen && mayAct ? (
          <Button busy={reopen.isPending} onClick={() => reopen.mutate({ team, sessionId })}>
            {t("reopen")}
          </Button>
        ) : null}
        <Button onClick={() => save(`${sessionId}.md`, sessionSummary(state, steps, words))}>
          {t("export")}
        </Button>
      </div>
    </>
  );
}

function save(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
