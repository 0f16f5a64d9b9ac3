"use client";

import { useTranslations } from "next-intl";
import {
  readStart,
  type Start,
  type StartupFile,
  type StartupSystem,
  startupFiles,
  startupSystems,
} from "#common/tools/shell-startup.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { Examples } from "./parts/examples.tsx";

const state = { start: textPart("ssh web-1"), system: choicePart(startupSystems, "debian") };
const keys = { start: "shell-startup.start", system: "shell-startup.system" };
const examples = [
  ...["ssh web-1", "ssh web-1 'echo $-'", "bash", "bash -l test.sh", "bash test.sh", "su - app"],
  ...["sudo -s", "cron", "zsh -l"],
];
const yesNo = [true, false] as const;

export default function ShellStartupTool() {
  const t = useTranslations("tool-shell-startup");
  const [{ start: text, system }, choose] = useUrlState(state, { keys });
  const start = readStart(text);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <Field label={t("start")} help={t("startHelp")}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={text}
              onChange={(event) => choose({ start: event.target.value })}
            />
          )}
        </Field>
        <ChoiceField
          label={t("system")}
          values={startupSystems}
          value={system}
          words={(one) => t(`systems.${one}`)}
          onChange={(next) => choose({ system: next })}
        />
      </div>
      <Examples
        label={t("examples")}
        values={examples}
        chosen={text.trim()}
        onChoose={(next) => choose({ start: next })}
      />
      <div aria-live="polite">
        <p className="text-lead text-ink">
          {start
            ? t("result", {
                shell: start.shell,
                login: String(start.login),
                interactive: String(start.interactive),
                remote: String(start.remote),
              })
            : t("none", { start: text.trim() || " " })}
        </p>
        {start ? <Files start={start} system={system} /> : null}
      </div>
      <Disclosure summary={t("table")}>
        <Kinds system={system} />
      </Disclosure>
    </section>
  );
}

function Files({ start, system }: { start: Start; system: StartupSystem }) {
  const t = useTranslations("tool-shell-startup");
  const files = startupFiles(start, system);
  if (files.length === 0) return <p className="mt-1 text-soft">{t("noFiles")}</p>;
  return (
    <ol className="mt-3 grid list-decimal gap-1.5 pl-6 marker:text-faint">
      {files.map((file) => (
        <li key={file.path}>
          <code className="font-mono text-ink">{file.path}</code>{" "}
          <span className="text-soft">{t(`how.${file.how}`, { by: file.by ?? "" })}</span>
        </li>
      ))}
    </ol>
  );
}

const shown = ({ path, how }: StartupFile) => (how === "by" ? `(${path})` : path);

function Kinds({ system }: { system: StartupSystem }) {
  const t = useTranslations("tool-shell-startup");
  const base = { shell: "bash", remote: false, noProfile: false, noRc: false } as const;
  const rows = yesNo.flatMap((login) => yesNo.map((interactive) => ({ ...base, login, interactive })));
  return (
    <Table label={t("table")}>
      <Thead>
        <tr>
          <Th>{t("kind")}</Th>
          <Th>{t("files")}</Th>
        </tr>
      </Thead>
      <tbody>
        {rows.map((start) => (
          <Tr key={`${start.login} ${start.interactive}`}>
            <Td className="whitespace-nowrap">
              {t("kindName", { login: String(start.login), interactive: String(start.interactive) })}
            </Td>
            <Td className="font-mono">{startupFiles(start, system).map(shown).join(" → ")}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
