"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { DialogActions } from "./dialog.tsx";
import { FormError } from "./form-error.tsx";

/** The end of a dialog's form: what is wrong with it as a whole, the way out, and the button that sends it. */
export function FormEnd({
  problem,
  busy,
  disabled,
  onCancel,
  children,
}: {
  problem: ReactNode;
  busy: boolean;
  disabled?: boolean;
  onCancel: () => void;
  /** the words on the button */
  children: ReactNode;
}) {
  const common = useTranslations("common");
  return (
    <>
      <FormError>{problem}</FormError>
      <DialogActions>
        <Button onClick={onCancel}>{common("cancel")}</Button>
        <Button type="submit" tone="primary" busy={busy} disabled={disabled}>
          {children}
        </Button>
      </DialogActions>
    </>
  );
}
