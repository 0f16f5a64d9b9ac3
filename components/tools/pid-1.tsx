"use client";

import { useTranslations } from "next-intl";
import { hearsTerm, pidOneOf, readCommand } from "#common/tools/pid-1.ts";
import {
  fixesFor,
  type PidOneCase,
  type PidOneFix,
  pidOnePlaces,
  termHandling,
} from "#common/tools/pid-1-fixes.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { Examples } from "./parts/examples.tsx";

const yesNo = ["no", "yes"] as const;
const state = {
  command: textPart('["npm", "start"]'),
  place: choicePart(pidOnePlaces, "kubernetes"),
  handling: choicePart(termHandling, "unknown"),
  children: choicePart(yesNo, "no"),
  own: choicePart(yesNo, "yes"),
};
const keys = {
  command: "pid-1.command",
  place: "pid-1.place",
  handling: "pid-1.handling",
  children: "pid-1.children",
  own: "pid-1.own",
};
const examples = [
  '["npm", "start"]',
  "./migrate && ./server",
  '["node", "server.js"]',
  '["tail", "-f", "/dev/null"]',
  '["tini", "--", "node", "server.js"]',
  'sh -c "exec node server.js"',
];

export default function PidOneTool() {
  const t = useTranslations("tool-pid-1");
  const [{ command, place, handling, children, own }, choose] = useUrlState(state, { keys });
  const written = readCommand(command);
  const one: PidOneCase | null = written && {
    written,
    pidOne: pidOneOf(written.argv),
    place,
    handling,
    children: children === "yes",
    ownImage: own === "yes",
  };
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <Field label={t("command")} help={t("commandHelp")}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={command}
            onChange={(event) => choose({ command: event.target.value })}
          />
        )}
      </Field>
      <Examples
        label={t("examples")}
        values={examples}
        chosen={command.trim()}
        onChoose={(next) => choose({ command: next })}
      />
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <ChoiceField
          label={t("place")}
          values={pidOnePlaces}
          value={place}
          words={(value) => t(`places.${value}`)}
          onChange={(next) => choose({ place: next })}
        />
        <ChoiceField
          label={t("handling")}
          values={termHandling}
          value={handling}
          words={(value) => t(`handlings.${value}`)}
          onChange={(next) => choose({ handling: next })}
        />
        <ChoiceField
          label={t("children")}
          values={yesNo}
          value={children}
          words={(value) => t(`yesNo.${value}`)}
          onChange={(next) => choose({ children: next })}
        />
        <ChoiceField
          label={t("own")}
          values={yesNo}
          value={own}
          words={(value) => t(`yesNo.${value}`)}
          onChange={(next) => choose({ own: next })}
        />
      </div>
      <div aria-live="polite" className="grid gap-4">
        {one ? <Answer one={one} /> : <p className="text-lead text-ink">{t("empty")}</p>}
      </div>
    </section>
  );
}

function Answer({ one }: { one: PidOneCase }) {
  const t = useTranslations("tool-pid-1");
  const { pidOne, written } = one;
  const hears = hearsTerm(pidOne);
  const [first, ...others] = fixesFor(one);
  return (
    <>
      <div>
        <p className="text-lead text-ink">
          {t(`kinds.${pidOne.kind}`, { program: pidOne.program || written.argv[0] || "" })}
          {pidOne.replaced ? ` ${t("replaced")}` : ""}
        </p>
        <p className="mt-1 text-soft">{t(hears === null ? "depends" : hears ? "hears" : "deaf")}</p>
      </div>
      {first ? <Fix fix={first} label={t("first")} /> : null}
      {others.map((fix) => (
        <Fix key={fix.id} fix={fix} label={t("other")} />
      ))}
    </>
  );
}

function Fix({ fix, label }: { fix: PidOneFix; label: string }) {
  const t = useTranslations("tool-pid-1");
  return (
    <div className="min-w-0">
      <p className="text-faint">{label}</p>
      <p className="text-ink">{t(`fixes.${fix.id}`)}</p>
      {fix.snippet ? <CodeBlock className="mt-2" code={fix.snippet} /> : null}
    </div>
  );
}
