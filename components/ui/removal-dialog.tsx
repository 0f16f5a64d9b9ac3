"use client";

import { useTranslations } from "next-intl";
import { Button } from "./button.tsx";
import { Dialog, DialogActions } from "./dialog.tsx";
import { FormError } from "./form-error.tsx";

/** Asks once before something is removed; stays open, with the reason, where it could not be. */
export function RemovalDialog({
  title,
  description,
  action,
  error,
  busy,
  onRemove,
  onClose,
}: {
  title: string;
  description: string;
  action: string;
  error: string | null;
  busy: boolean;
  onRemove: () => void;
  onClose: () => void;
}) {
  const common = useTranslations("common");
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={title} description={description}>
      <div className="mt-4">
        <FormError>{error}</FormError>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button tone="danger" busy={busy} onClick={onRemove}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
