"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import { type DecodedExit, decodeExit, type ExitKind } from "#common/tools/exit-code.ts";
import { textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";

const examples = ["0", "1", "126", "127", "128", "130", "137", "139", "143", "255", "-1"];

const ranges = [
  { codes: "0", kind: "success", who: "program" },
  { codes: "1", kind: "general-error", who: "program" },
  { codes: "2", kind: "shell-misuse", who: "shell" },
  { codes: "3–125", kind: "application", who: "program" },
  { codes: "126", kind: "not-executable", who: "shell" },
  { codes: "127", kind: "not-found", who: "shell" },
  { codes: "128", kind: "invalid-exit", who: "runtime" },
  { codes: "129–159, 162–192", kind: "signal", who: "runtime" },
  { codes: "160–161, 193–254", kind: "beyond-signals", who: "program" },
  { codes: "255", kind: "out-of-range", who: "program" },
] as const satisfies readonly { codes: string; kind: ExitKind; who: "program" | "shell" | "runtime" }[];

const state = { code: textPart("137") };
const keys = { code: "exit-code.code" };

export default function ExitCodeTool() {
  const t = useTranslations("tool-exit-code");
  const [{ code }, choose] = useUrlState(state, { keys });
  const decoded = /^\s*[-+]?\d{1,15}\s*$/.test(code) ? decodeExit(Number(code)) : null;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Field
          label={t("input")}
          help={t("inputHelp")}
          error={decoded || code === "" ? undefined : t("invalid")}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="text"
              autoComplete="off"
              spellCheck={false}
              className="font-mono tabular-nums"
              value={code}
              onChange={(event) => choose({ code: event.target.value })}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1 font-medium text-ink">{t("examples")}</legend>
          <div className="flex flex-wrap gap-1.5">
            {examples.map((example) => (
              <button
                key={example}
                type="button"
                aria-pressed={example === code.trim()}
                onClick={() => choose({ code: example })}
                className={clsx(
                  "h-8 min-w-9 rounded-control px-2 font-mono tabular-nums shadow-[inset_0_0_0_1px_var(--line)]",
                  "text-soft hover:bg-hover aria-pressed:bg-accent-wash aria-pressed:text-accent",
                  "focus-visible:outline-2 focus-visible:outline-accent",
                )}
              >
                {example}
              </button>
            ))}
          </div>
        </fieldset>
      </div>
      {decoded ? <Decoded decoded={decoded} /> : null}
      <Disclosure summary={t("table")}>
        <Ranges />
      </Disclosure>
    </section>
  );
}

function Decoded({ decoded }: { decoded: DecodedExit }) {
  const t = useTranslations("tool-exit-code");
  const { argument, status, wrapped, kind, signal, harmlessSignal } = decoded;
  const values = { code: String(argument), status };
  const rows = [
    [t("meaning"), t(`kind_${kind}`)],
    [
      t("signal"),
      signal
        ? `${t("signalValue", { name: signal.name, number: signal.number })}${harmlessSignal ? ` · ${t("harmless")}` : ""}`
        : t("noSignal"),
    ],
    [t("kubernetes"), t(shownAs(decoded))],
  ] as const;
  return (
    <div className="grid gap-x-8 gap-y-4 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <div aria-live="polite">
        <p className="text-faint">{t("status")}</p>
        <p className="font-mono text-[2.5rem] leading-tight text-ink tabular-nums">{status}</p>
        <Bits decoded={decoded} />
      </div>
      <div className="min-w-0">
        <p className="text-lead text-ink">{t(wrapped ? "wrapped" : "unchanged", values)}</p>
        <dl className="mt-2 grid gap-x-4 gap-y-1.5 sm:grid-cols-[8rem_minmax(0,1fr)]">
          {rows.map(([name, words]) => (
            <div key={name} className="contents">
              <dt className="text-faint">{name}</dt>
              <dd className="text-soft">{words}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

function shownAs({ status, reason }: DecodedExit) {
  if (reason === "Completed") return "reasonCompleted";
  const special = { 128: "reasonStart", 137: "reasonKill", 255: "reasonLost" } as const;
  return status in special ? special[status as keyof typeof special] : "reasonError";
}

const weights = [128, 64, 32, 16, 8, 4, 2, 1];

/** The eighth bit apart from the others: that is how 128 + n is read. */
function Bits({ decoded: { status, signal } }: { decoded: DecodedExit }) {
  const t = useTranslations("tool-exit-code");
  const bits = status.toString(2).padStart(8, "0");
  return (
    <div className="mt-1 max-w-56">
      <div
        role="img"
        aria-label={t("bits", { status, bits })}
        className="inline-flex gap-0.5 font-mono text-dense tabular-nums"
      >
        {weights.map((weight) => (
          <span
            key={weight}
            className={clsx(
              "grid h-6 w-5 place-items-center rounded-[3px]",
              weight === 128 && "mr-1.5",
              (status & weight) === 0 && "bg-sunken text-faint",
              (status & weight) !== 0 && (signal ? "bg-accent-wash text-accent" : "bg-hover text-ink"),
            )}
          >
            {status & weight ? 1 : 0}
          </span>
        ))}
      </div>
      <p className="mt-1 text-faint">
        {signal ? t("bitsSignal", { number: signal.number }) : t("bitsPlain")}
      </p>
    </div>
  );
}

function Ranges() {
  const t = useTranslations("tool-exit-code");
  return (
    <Table label={t("table")}>
      <Thead>
        <tr>
          <Th>{t("range")}</Th>
          <Th>{t("meaning")}</Th>
          <Th>{t("who")}</Th>
        </tr>
      </Thead>
      <tbody>
        {ranges.map(({ codes, kind, who }) => (
          <Tr key={codes}>
            <Td className="font-mono whitespace-nowrap tabular-nums">{codes}</Td>
            <Td>{t(`kind_${kind}`)}</Td>
            <Td>{t(`who_${who}`)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
