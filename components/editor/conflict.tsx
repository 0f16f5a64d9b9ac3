"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { Time } from "#components/ui/time.tsx";

export type Current = { number: number; text: string; by: string; at: Date };

/** Somebody saved in between: both texts, and the choice between them. The own text stays in the editor. */
export function Conflict({
  current,
  onKeepMine,
  onTakeTheirs,
}: {
  current: Current;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  const t = useTranslations("editor");
  return (
    <section role="alert" className="border-l-2 border-warn bg-sunken px-4 py-3">
      <h2 className="font-medium">{t("conflictTitle")}</h2>
      <p className="mt-0.5 text-soft">
        {t("conflictText", { name: current.by, number: current.number })} <Time at={current.at} />
      </p>
      <Field label={t("theirs")} className="mt-2">
        {(control) => <Textarea {...control} code readOnly wrap="off" rows={14} value={current.text} />}
      </Field>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={onKeepMine}>{t("keepMine")}</Button>
        <Button onClick={onTakeTheirs}>{t("takeTheirs")}</Button>
      </div>
    </section>
  );
}
