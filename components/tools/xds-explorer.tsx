"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import {
  type XdsEffect,
  type XdsTerm,
  xdsChanges,
  xdsEffect,
  xdsGlossary,
} from "#common/tools/xds-changes.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { within } from "./parts/within.ts";

const mostProxies = 100_000;
const state = {
  proxies: integerPart(120),
  concerned: integerPart(40),
  change: choicePart(xdsChanges, "pod"),
};
const keys = { proxies: "xds.proxies", concerned: "xds.concerned", change: "xds.change" };

export default function XdsExplorerTool() {
  const t = useTranslations("tool-xds-explorer");
  const [chosen, choose] = useUrlState(state, { keys });
  const proxies = Math.round(within(chosen.proxies, 1, mostProxies));
  const concerned = Math.round(within(chosen.concerned, 0, mostProxies));
  const effect = xdsEffect(chosen.change, proxies, concerned);
  const hit = new Set<XdsTerm>(effect.services);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-3">
        <NumberField
          label={t("proxies")}
          value={proxies}
          min={1}
          max={mostProxies}
          onChange={(value) => choose({ proxies: value })}
        />
        <NumberField
          label={t("concerned")}
          value={concerned}
          min={0}
          max={mostProxies}
          onChange={(value) => choose({ concerned: value })}
        />
        <ChoiceField
          label={t("changeLabel")}
          values={xdsChanges}
          value={chosen.change}
          words={(one) => t(`change.${one}`)}
          onChange={(change) => choose({ change })}
        />
      </div>
      <div aria-live="polite" className="grid gap-1">
        <p className="text-lead text-ink">
          {t("result", { services: effect.services.join(" → "), receivers: effect.receivers, proxies })}
        </p>
        <p className="text-soft">{t(`audience.${effect.audience}`, { messages: effect.messages })}</p>
        <p className="text-soft">{t(effect.drains ? "drains" : "keeps")}</p>
      </div>
      <Order effect={effect} />
      <Table label={t("glossary")}>
        <Thead>
          <tr>
            <Th>{t("short")}</Th>
            <Th>{t("long")}</Th>
            <Th>{t("carries")}</Th>
          </tr>
        </Thead>
        <tbody>
          {xdsGlossary.map((term) => (
            <Tr key={term}>
              <Td className={clsx("font-mono whitespace-nowrap", hit.has(term) && "font-medium text-accent")}>
                {term}
                {hit.has(term) ? <span className="sr-only"> {t("changed")}</span> : null}
              </Td>
              <Td>{t(`name.${term}`)}</Td>
              <Td>{t(`what.${term}`)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

/** The order in which one connection carries them. */
function Order({ effect }: { effect: XdsEffect }) {
  const t = useTranslations("tool-xds-explorer");
  return (
    <ol aria-label={t("order")} className="flex flex-wrap items-center gap-2">
      {effect.services.map((service, index) => (
        <li key={service} className="flex items-center gap-2">
          {index > 0 ? <span aria-hidden="true">→</span> : null}
          <span className="rounded-control bg-accent-wash px-2 py-1 font-mono text-accent">{service}</span>
        </li>
      ))}
    </ol>
  );
}
