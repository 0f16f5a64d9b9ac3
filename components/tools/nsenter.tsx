"use client";

import { useTranslations } from "next-intl";
import {
  namespaceKinds,
  notesOf,
  nsenterProblems,
  nsenterSteps,
  processSources,
} from "#common/tools/nsenter.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Checkbox } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";
import { TextFields } from "./parts/text-fields.tsx";

const state = {
  target: textPart("4947"),
  command: textPart("ip addr show"),
  source: choicePart(processSources, "pid"),
  namespaces: textPart("net"),
};
const keys = {
  target: "nsenter.target",
  command: "nsenter.command",
  source: "nsenter.source",
  namespaces: "nsenter.namespaces",
};
const texts = ["target", "command"] as const;

export default function NsenterTool() {
  const t = useTranslations("tool-nsenter");
  const [chosen, choose] = useUrlState(state, { keys });
  const picked = chosen.namespaces.split(",");
  const kinds = namespaceKinds.filter((kind) => picked.includes(kind));
  const input = { ...chosen, kinds };
  const problems = nsenterProblems(input);
  const toggle = (kind: (typeof namespaceKinds)[number]) =>
    choose({
      namespaces: namespaceKinds.filter((one) => (one === kind) !== kinds.includes(one)).join(","),
    });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <TextFields
          entries={texts.map((name) => ({
            name,
            value: chosen[name],
            label: name === "target" ? t(`target.${chosen.source}`) : t("command"),
            error: problems.includes(name) ? t(`${name}Wrong`, { source: chosen.source }) : undefined,
          }))}
          onText={choose}
        />
        <ChoiceField
          label={t("source")}
          values={processSources}
          value={chosen.source}
          words={(one) => t(`sources.${one}`)}
          onChange={(source) => choose({ source })}
        />
      </div>
      <fieldset>
        <legend className="mb-2 text-ink">{t("namespaces")}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {namespaceKinds.map((kind) => (
            <Checkbox
              key={kind}
              label={t(`kind.${kind}`)}
              checked={kinds.includes(kind)}
              onChange={() => toggle(kind)}
            />
          ))}
        </div>
      </fieldset>
      <p aria-live="polite" className="text-lead text-ink">
        {problems.length > 0
          ? t(problems.includes("kinds") ? "kindsWrong" : "notYet")
          : t("result", { target: chosen.target, count: kinds.length, source: chosen.source })}
      </p>
      {problems.length > 0 ? null : (
        <>
          <CommandSteps steps={nsenterSteps(input)} words={(id) => t(`step.${id}`)} />
          <ul className="grid list-disc gap-1.5 pl-5 text-ink">
            {notesOf(input).map((note) => (
              <li key={note}>{t(`note.${note}`)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
