"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { type SignInOutcome, sendCode } from "./session-requests.ts";

type Problem = Exclude<SignInOutcome, "done" | "code">;

/** After the password: the code that an app shows, or one of those kept for the day it is lost. */
export default function CodeForm({ next }: { next: string }) {
  const t = useTranslations("auth");
  const common = useTranslations("common");
  const [backup, setBackup] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code")).replaceAll(/\s/g, "");
    if (code === "") return setProblem("refused");
    setBusy(true);
    setProblem(null);
    const outcome = await sendCode(code, backup);
    if (outcome === "done") return location.assign(next);
    setBusy(false);
    setProblem(outcome === "code" ? "refused" : outcome);
  };

  const sentences: Record<Problem, string> = {
    refused: backup ? t("backupRefused") : t("codeRefused"),
    expired: t("codeExpired"),
    "too-many": t("codeTooMany"),
    unreachable: common("unreachable"),
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field
        key={String(backup)}
        label={backup ? t("backupCode") : t("code")}
        help={backup ? t("backupHelp") : t("codeHelp")}
        required
      >
        {(control) => (
          <Input
            {...control}
            name="code"
            // The form took the place of another one in answer to a key press.
            ref={(input) => input?.focus()}
            inputMode={backup ? "text" : "numeric"}
            autoComplete="one-time-code"
            maxLength={20}
            className="h-10 font-mono"
          />
        )}
      </Field>
      <FormError>{problem && sentences[problem]}</FormError>
      <Button type="submit" tone="primary" size="large" busy={busy} className="w-full">
        {t("signIn")}
      </Button>
      <Button
        tone="quiet"
        onClick={() => {
          setBackup(!backup);
          setProblem(null);
        }}
      >
        {backup ? t("useCode") : t("useBackup")}
      </Button>
    </form>
  );
}
