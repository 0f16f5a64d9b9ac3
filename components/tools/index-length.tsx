"use client";

import { useTranslations } from "next-intl";
import {
  bytesPerCharacter,
  indexCharsets,
  indexLayouts,
  indexLength,
  indexStatements,
  pageSizes,
} from "#common/tools/index-length.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Slider } from "../ui/slider.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { within } from "./parts/within.ts";

/** A VARCHAR may have no more in utf8mb4, and a key no more columns. */
const [mostCharacters, mostColumns] = [16_383, 16];

const state = {
  characters: integerPart(255),
  columns: integerPart(1),
  charset: choicePart(indexCharsets, "utf8mb4"),
  layout: choicePart(indexLayouts, "innodb-compact"),
  page: choicePart(pageSizes, "16"),
};
const keys = {
  characters: "index-length.characters",
  columns: "index-length.columns",
  charset: "index-length.charset",
  layout: "index-length.layout",
  page: "index-length.page",
};

export default function IndexLengthTool() {
  const t = useTranslations("tool-index-length");
  const [chosen, choose] = useUrlState(state, { keys });
  const input = {
    ...chosen,
    characters: within(chosen.characters, 1, mostCharacters),
    columns: within(chosen.columns, 1, mostColumns),
  };
  const { totalBytes, partBytes, limits, broken, prefix } = indexLength(input);
  const each = bytesPerCharacter[input.charset];
  const values = {
    ...input,
    each,
    prefix,
    part: limits.part,
    total: limits.total,
    totalBytes,
    partBytes,
    room: Math.min(limits.total, limits.part * input.columns),
  };
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-2">
        <NumberField
          label={t("characters")}
          min={1}
          max={mostCharacters}
          value={input.characters}
          onChange={(characters) => choose({ characters })}
        />
        <Slider
          label={t("columns")}
          min={1}
          max={mostColumns}
          step={1}
          value={input.columns}
          onChange={(event) => choose({ columns: event.target.valueAsNumber })}
        />
        <ChoiceField
          label={t("charset")}
          values={indexCharsets}
          value={input.charset}
          onChange={(charset) => choose({ charset })}
        />
        <ChoiceField
          label={t("layout")}
          values={indexLayouts}
          value={input.layout}
          words={(one) => t(`layouts.${one}`)}
          onChange={(layout) => choose({ layout })}
        />
        {input.layout === "myisam" ? null : (
          <ChoiceField
            label={t("page")}
            values={pageSizes}
            value={input.page}
            words={(one) => `${one} KiB`}
            onChange={(page) => choose({ page })}
          />
        )}
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{t(broken ?? "fits", values)}</p>
        <p className="mt-1 text-soft">{t("sum", values)}</p>
      </div>
      <Most {...input} />
      <CommandSteps
        steps={indexStatements(input)}
        words={(id) => t(`step.${id}`, { prefix, broken: broken ?? "no" })}
      />
    </section>
  );
}

/** How many characters a column may have, by set and by where the table is kept. */
function Most({
  columns,
  charset,
  layout,
  page,
}: Pick<Parameters<typeof indexLength>[0], "columns" | "charset" | "layout" | "page">) {
  const t = useTranslations("tool-index-length");
  return (
    <Table label={t("table")}>
      <Thead>
        <tr>
          <Th>{t("layout")}</Th>
          {indexCharsets.map((one) => (
            <Th key={one} numeric>
              {one}
            </Th>
          ))}
        </tr>
      </Thead>
      <tbody>
        {indexLayouts.map((where) => (
          <Tr key={where}>
            <Td>{t(`layouts.${where}`)}</Td>
            {indexCharsets.map((one) => {
              const { prefix } = indexLength({
                characters: mostCharacters,
                columns,
                charset: one,
                layout: where,
                page,
              });
              return (
                <Td key={one} numeric>
                  <span
                    className={one === charset && where === layout ? "font-medium text-accent" : "text-soft"}
                  >
                    {prefix}
                  </span>
                </Td>
              );
            })}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
