"use client";

import { useTranslations } from "next-intl";
import {
  type HereForm,
  type HereInput,
  hereForms,
  hereReceived,
  hereScript,
  isDelimiter,
  readVariables,
} from "#common/tools/here-document.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { Field } from "../ui/field.tsx";
import { Input, Textarea } from "../ui/input.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";

const state = {
  delimiter: textPart("EOF"),
  variables: textPart("USER=web PWD=/srv/app"),
  form: choicePart(hereForms, "plain"),
  text: textPart('\\$ Working dir "$PWD"\n\techo "$1 of $USER"'),
};
const keys = {
  delimiter: "here-document.delimiter",
  variables: "here-document.variables",
  form: "here-document.form",
  text: "here-document.text",
};

/** As they are written in a script, in every language. */
const shownForms: Record<HereForm, string> = {
  plain: "<<EOF",
  quoted: "<<'EOF'",
  dash: "<<-EOF",
  dashQuoted: "<<-'EOF'",
  string: "<<<",
};

export default function HereDocumentTool() {
  const t = useTranslations("tool-here-document");
  const [chosen, choose] = useUrlState(state, { keys });
  const { delimiter, form, text } = chosen;
  const isRight = isDelimiter(delimiter);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
        <Field label={t("delimiter")} error={isRight ? undefined : t("delimiterWrong")}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={delimiter}
              onChange={(event) => choose({ delimiter: event.target.value })}
            />
          )}
        </Field>
        <ChoiceField
          label={t("form")}
          values={hereForms}
          value={form}
          words={(one) => shownForms[one]}
          onChange={(next) => choose({ form: next })}
        />
        <Field label={t("variables")}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={chosen.variables}
              onChange={(event) => choose({ variables: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("text")} className="sm:col-span-3">
          {(control) => (
            <Textarea
              {...control}
              code
              rows={4}
              value={text}
              onChange={(event) => choose({ text: event.target.value })}
            />
          )}
        </Field>
      </div>
      {isRight ? (
        <Result input={{ delimiter, form, text, variables: readVariables(chosen.variables) }} />
      ) : (
        <p className="text-lead text-ink">{t("notYet")}</p>
      )}
    </section>
  );
}

function Result({ input }: { input: HereInput }) {
  const t = useTranslations("tool-here-document");
  const { received, notices } = hereReceived(input);
  const lines = received === "" ? 0 : received.split("\n").length - 1;
  return (
    <div aria-live="polite" className="grid gap-4">
      <p className="text-lead text-ink">{t("result", { form: input.form, lines })}</p>
      {notices.length > 0 ? (
        <ul className="grid list-disc gap-1 pl-5 text-soft">
          {notices.map((notice) => (
            <li key={notice}>{t(`notices.${notice}`, { delimiter: input.delimiter })}</li>
          ))}
        </ul>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <CodeBlock caption={t("script")} code={hereScript(input)} />
        <CodeBlock caption={t("received")} code={received} />
      </div>
    </div>
  );
}
