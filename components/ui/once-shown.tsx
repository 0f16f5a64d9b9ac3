"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { DialogActions } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

/** A secret or a link that is shown this once, to be copied. `children`: what else can be done, before it. */
export function OnceShown({
  label,
  help,
  value,
  copy,
  onClose,
  children,
}: {
  label: string;
  help?: string;
  value: string;
  /** the words on the button */
  copy: string;
  onClose?: () => void;
  children?: ReactNode;
}) {
  const common = useTranslations("common");
  return (
    <div className="mt-4">
      <Field label={label} help={help}>
        {(control) => (
          <Input
            {...control}
            readOnly
            value={value}
            onFocus={(event) => event.target.select()}
            className="font-mono text-[0.75rem]"
          />
        )}
      </Field>
      <DialogActions>
        {children}
        <CopyButton words value={value} label={copy} className="h-8 px-3" />
        {onClose ? (
          <Button tone="primary" onClick={onClose}>
            {common("close")}
          </Button>
        ) : null}
      </DialogActions>
    </div>
  );
}
