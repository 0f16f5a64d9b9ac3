"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { PasswordInput } from "./password-input.tsx";
import { type SignInOutcome, signIn } from "./session-requests.ts";

const CodeForm = lazy(() => import("./code-form.tsx"));

type Problem = Exclude<SignInOutcome, "done" | "code" | "expired"> | null;

export function SignInForm({ next }: { next: string }) {
  const t = useTranslations("auth");
  const common = useTranslations("common");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>(null);
  const [asksCode, setAsksCode] = useState(false);
  const [missing, setMissing] = useState<string[]>([]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const account = { email: String(data.get("email")).trim(), password: String(data.get("password")) };
    const empty = Object.entries(account).flatMap(([name, value]) => (value === "" ? [name] : []));
    setMissing(empty);
    setProblem(null);
    if (empty.length > 0) return;
    setBusy(true);
    const outcome = await signIn(account);
    // A full load, so that nothing of another person's session stays in memory.
    if (outcome === "done") return location.assign(next);
    setBusy(false);
    if (outcome === "code") return setAsksCode(true);
    setProblem(outcome === "expired" ? "refused" : outcome);
  };

  const sentences = { refused: t("refused"), "too-many": t("tooMany"), unreachable: common("unreachable") };
  if (asksCode) {
    return (
      <Suspense fallback={<Skeleton className="h-40 w-full" />}>
        <CodeForm next={next} />
      </Suspense>
    );
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field label={t("email")} error={missing.includes("email") && t("required")} required>
        {(control) => (
          <Input {...control} name="email" type="email" autoComplete="username" className="h-10" />
        )}
      </Field>
      <Field label={t("password")} error={missing.includes("password") && t("required")} required>
        {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" />}
      </Field>
      <FormError>{problem && sentences[problem]}</FormError>
      <Button type="submit" tone="primary" size="large" busy={busy} className="w-full">
        {t("signIn")}
      </Button>
      <p className="text-faint">{t("signInHint")}</p>
    </form>
  );
}
