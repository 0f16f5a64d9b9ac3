"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "../ui/field.tsx";
import { Textarea } from "../ui/input.tsx";

const maxBytes = 1 << 20;

/** A document to be checked: pasted, or a file dropped onto the field. Kept with the run. */
export default function DocumentInput({
  value,
  error,
  onChange,
}: {
  value: string;
  error?: string;
  onChange: (text: string) => void;
}) {
  const t = useTranslations("runs");
  const [problem, setProblem] = useState<string>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > maxBytes) return setProblem(t("documentTooLarge", { name: file.name }));
    setProblem(undefined);
    onChange(await file.text());
  };
  return (
    <Field label={t("document")} help={t("documentHelp")} error={problem ?? error}>
      {(control) => (
        <Textarea
          {...control}
          code
          rows={7}
          value={value}
          onChange={(event) => {
            setProblem(undefined);
            onChange(event.target.value);
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
  );
}
