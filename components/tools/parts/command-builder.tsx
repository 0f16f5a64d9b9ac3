import type { ReactNode } from "react";
import type { CommandStep } from "#common/tools/command-step.ts";
import { CommandSteps } from "./command-steps.tsx";
import { type TextEntry, TextFields } from "./text-fields.tsx";

/** The frame of a tool that builds commands: fields and choices, what comes of them in a sentence, the commands. */
export function CommandBuilder<N extends string>({
  label,
  entries,
  onText,
  choices,
  said,
  beside,
  steps,
  words,
}: {
  label: string;
  entries: readonly TextEntry<N>[];
  onText: (change: { [name in N]?: string }) => void;
  choices: ReactNode;
  said: ReactNode;
  /** what is to be known whatever the fields hold */
  beside?: ReactNode;
  /** none while a field is wrong */
  steps: readonly CommandStep[];
  words: (id: string) => string;
}) {
  return (
    <section aria-label={label} className="grid gap-5">
      <div className="grid items-start gap-x-6 gap-y-4 sm:grid-cols-2">
        <TextFields entries={entries} onText={onText} />
        {choices}
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {said}
      </p>
      {beside}
      {steps.length > 0 ? <CommandSteps steps={steps} words={words} /> : null}
    </section>
  );
}
