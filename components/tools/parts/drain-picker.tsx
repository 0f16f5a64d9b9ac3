"use client";

import { useTranslations } from "next-intl";
import { type DrainNodeRow, mostDrainNodes } from "#common/contracts/drain.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

const mostShown = 60;

/** Nodes to choose from: hundreds, so they are searched by name or zone, and those shown can be picked at once. */
export function DrainPicker({
  nodes,
  find,
  picked,
  onFind,
  onPick,
}: {
  nodes: DrainNodeRow[];
  find: string;
  picked: ReadonlySet<string>;
  onFind: (find: string) => void;
  onPick: (names: string[]) => void;
}) {
  const t = useTranslations("tool-drain-simulator");
  const wanted = find.trim();
  const matching = nodes.filter(({ name, zone }) => name.includes(wanted) || zone.includes(wanted));
  const shown = matching.slice(0, mostShown);
  const pickAll = () =>
    onPick([...new Set([...picked, ...matching.map(({ name }) => name)])].slice(0, mostDrainNodes));
  const toggle = (name: string) =>
    onPick(picked.has(name) ? [...picked].filter((one) => one !== name) : [...picked, name]);
  return (
    <div className="min-w-0">
      <Field label={t("find")} help={t("matching", { count: matching.length, all: nodes.length })}>
        {(control) => (
          <Input
            {...control}
            type="text"
            autoComplete="off"
            spellCheck={false}
            value={find}
            onChange={(event) => onFind(event.target.value)}
          />
        )}
      </Field>
      <fieldset className="mt-2 min-w-0">
        <legend className="sr-only">{t("nodes")}</legend>
        <ul className="grid max-h-56 overflow-y-auto rounded-control border border-line py-1 sm:grid-cols-2">
          {shown.map((node) => (
            <li key={node.name}>
              <label className="flex min-w-0 items-center gap-2.5 px-2.5 py-1 hover:bg-hover">
                <input
                  type="checkbox"
                  className="size-4 shrink-0 rounded-[3px]"
                  checked={picked.has(node.name)}
                  onChange={() => toggle(node.name)}
                />
                <span title={node.name} className="min-w-0 flex-1 truncate font-mono text-dense">
                  {node.name}
                </span>
                {node.controlPlane ? <Badge>{t("controlPlane")}</Badge> : null}
                {node.cordoned ? <Badge outline="dashed">{t("cordoned")}</Badge> : null}
                {node.ready ? null : <Badge outline="strong">{t("notReady")}</Badge>}
                <span className="shrink-0 text-faint tabular-nums">
                  {node.zone ? `${node.zone} · ` : ""}
                  {t("podCount", { count: node.pods })}
                </span>
              </label>
            </li>
          ))}
          {shown.length === 0 ? <li className="px-2.5 py-1 text-soft">{t("noneFound")}</li> : null}
        </ul>
      </fieldset>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button size="small" disabled={matching.length === 0} onClick={pickAll}>
          {t("pickAll", { count: Math.min(matching.length, mostDrainNodes) })}
        </Button>
        <Button size="small" tone="quiet" disabled={picked.size === 0} onClick={() => onPick([])}>
          {t("pickNone")}
        </Button>
        {matching.length > mostShown ? (
          <span className="text-faint">{t("more", { count: matching.length - mostShown })}</span>
        ) : null}
      </div>
    </div>
  );
}
