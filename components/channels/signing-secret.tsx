"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DialogActions } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

export function SigningSecret({ value, onClose }: { value: string; onClose: () => void }) {
  const t = useTranslations("channels");
  const common = useTranslations("common");
  return (
    <div className="mt-4">
      <Field label={t("secret")} help={t("secretHelp")}>
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
        <CopyButton words value={value} label={t("copySecret")} className="h-8 px-3" />
        <Button tone="primary" onClick={onClose}>
          {common("close")}
        </Button>
      </DialogActions>
    </div>
  );
}
