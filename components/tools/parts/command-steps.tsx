import type { CommandStep } from "#common/tools/command-step.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";

/** Commands in their order, each with the sentence that says what it does. */
export function CommandSteps({
  steps,
  words,
}: {
  steps: readonly CommandStep[];
  words: (id: string) => string;
}) {
  return (
    <ol className="grid gap-4">
      {steps.map(({ id, code }) => (
        <li key={id} className="min-w-0">
          <p className="mb-1.5 text-ink">{words(id)}</p>
          <CodeBlock code={code} />
        </li>
      ))}
    </ol>
  );
}
