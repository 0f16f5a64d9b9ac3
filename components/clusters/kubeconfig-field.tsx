"use client";
import { useMutation } from "@tanstack/react-query";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { type ChangeEvent, type DragEvent, lazy, Suspense, useRef, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FileIcon } from "#components/ui/icons.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { KubeconfigHelp } from "./kubeconfig-help.tsx";
import type { SourceFieldsProps } from "./source-fields.tsx";
import { useSourceErrors } from "./use-source-errors.ts";

const ContextChoice = lazy(() => import("./context-choice.tsx"));

const largestFileBytes = 256 * 1024;

/** A kubeconfig pasted, typed or dropped; what it offers is read at once and shown for choice. */
export function KubeconfigField({ draft, onChange, errors }: SourceFieldsProps) {
  const t = useTranslations("clusters");
  const inspection = useInspection(onChange);
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const sourceErrors = useSourceErrors();

  const take = (text: string) => {
    setTooLarge(false);
    onChange({ kubeconfig: text, context: null });
    inspection.read(text);
  };
  const takeFile = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > largestFileBytes) return setTooLarge(true);
    take(await file.text());
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void takeFile(event.dataTransfer.files[0]);
  };
  const onFile = (event: ChangeEvent<HTMLInputElement>) => {
    void takeFile(event.target.files?.[0]);
    event.target.value = "";
  };
  const current = inspection.textRead === draft.kubeconfig;
  const refused = current ? sourceErrors(inspection.error, draft) : null;
  const error = tooLarge ? t("tooLarge") : (errors.kubeconfig ?? refused?.source.kubeconfig ?? refused?.form);
  const refusedContexts = current && (inspection.contexts?.some(({ problem }) => problem !== null) ?? false);

  return (
    <div className="space-y-4">
      <Field label={t("kubeconfig")} help={t("kubeconfigHelp")} error={error} required>
        {(control) => (
          <div className="relative">
            <Textarea
              {...control}
              code
              rows={9}
              value={draft.kubeconfig}
              onChange={(event) => take(event.target.value)}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
              }}
              onDragLeave={() => setOver(false)}
              onDrop={onDrop}
              placeholder={"apiVersion: v1\nkind: Config\nclusters:\n- …"}
            />
            <div
              aria-hidden="true"
              className={clsx(
                "pointer-events-none absolute inset-0 flex items-center justify-center rounded-control bg-accent-wash text-body font-medium text-accent outline-2 -outline-offset-2 outline-accent outline-dashed",
                !over && "hidden",
              )}
            >
              {t("dropHere")}
            </div>
          </div>
        )}
      </Field>
      <input ref={input} type="file" onChange={onFile} hidden />
      <div className="flex items-center gap-3">
        <Button size="small" icon={<FileIcon size={14} />} onClick={() => input.current?.click()}>
          {t("chooseFile")}
        </Button>
        <span role="status" className="flex items-center gap-2 text-faint">
          {inspection.reading ? (
            <>
              <Spinner /> {t("reading")}
            </>
          ) : null}
        </span>
      </div>
      {current && inspection.contexts && !error ? (
        <Suspense>
          <ContextChoice
            contexts={inspection.contexts}
            chosen={draft.context}
            onChoose={(context) => onChange({ context })}
          />
        </Suspense>
      ) : null}
      <KubeconfigHelp refused={Boolean(error) || refusedContexts} />
    </div>
  );
}

/** Asks the server what a kubeconfig offers, a moment after it stopped changing. Nothing is stored by it. */
function useInspection(onChange: SourceFieldsProps["onChange"]) {
  const team = useTeam();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const inspect = useMutation(
    trpc.cluster.inspectKubeconfig.mutationOptions({
      gcTime: 0,
      onSuccess: (contexts) => {
        const usable = contexts.filter(({ problem }) => problem === null);
        const chosen = usable.find(({ current }) => current) ?? usable[0];
        if (chosen) onChange({ context: chosen.name });
      },
    }),
  );
  const read = (text: string) => {
    clearTimeout(timer.current);
    if (text.trim() === "") return inspect.reset();
    timer.current = setTimeout(() => inspect.mutate({ team, text }), 250);
  };
  return {
    read,
    reading: inspect.isPending,
    contexts: inspect.data,
    error: inspect.error,
    textRead: inspect.variables?.text,
  };
}
