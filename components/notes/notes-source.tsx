"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { maxNotesBytes, type NotesFormat, notesFormats } from "#common/contracts/notes.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";

export type Source = { name: string; text: string; format: NotesFormat | "auto" };

/** The document: chosen, dropped or pasted. */
export function NotesSource({
  source,
  busy,
  error,
  onChange,
  onRead,
}: {
  source: Source;
  busy: boolean;
  error: string | null;
  onChange: (source: Source) => void;
  onRead: () => void;
}) {
  const t = useTranslations("notes");
  const [problem, setProblem] = useState<string>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > maxNotesBytes) return setProblem(t("tooLarge", { name: file.name }));
    setProblem(undefined);
    onChange({ name: file.name.slice(0, 200), text: await file.text(), format: "auto" });
  };
  const read = () => {
    if (source.text.trim() === "") setProblem(t("empty"));
    else onRead();
  };
  return (
    <form
      className="max-w-4xl space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        read();
      }}
    >
      <Field label={t("file")} help={t("fileHelp")}>
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".md,.markdown,.html,.htm,.txt,text/plain,text/html,text/markdown"
            className="block text-dense file:mr-3 file:h-8 file:rounded-control file:border-0 file:bg-hover file:px-3 file:font-medium"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        )}
      </Field>
      <Field label={t("document")} help={t("documentHelp")} error={problem ?? error}>
        {(control) => (
          <Textarea
            {...control}
            code
            rows={14}
            value={source.text}
            onChange={(event) => {
              setProblem(undefined);
              onChange({ ...source, text: event.target.value });
            }}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              if (event.dataTransfer.files.length === 0) return;
              event.preventDefault();
              void take(event.dataTransfer.files[0]);
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t("format")}>
          {(control) => (
            <Select
              {...control}
              value={source.format}
              onChange={(event) => onChange({ ...source, format: event.target.value as Source["format"] })}
            >
              {(["auto", ...notesFormats] as const).map((format) => (
                <option key={format} value={format}>
                  {t(`formats.${format}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" tone="primary" busy={busy}>
          {t("read")}
        </Button>
      </div>
    </form>
  );
}
