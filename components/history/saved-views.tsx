"use client";

import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import type { SavedView } from "#common/contracts/history.ts";
import { trpc } from "../api/trpc.ts";
import ExportLinks from "../exports/export-links.tsx";
import { useTeamHref } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { MoreIcon } from "../ui/icons.tsx";
import { Menu } from "../ui/menu.tsx";
import { addressOf, filterOf, type HistoryChoice, isFiltered } from "./use-history-filter.ts";

const ViewDialog = lazy(() => import("./view-dialog.tsx"));
const RemoveViewDialog = lazy(() => import("./remove-view-dialog.tsx"));

type Open = { kind: "save" } | { kind: "change" | "remove"; view: SavedView };

/** Views kept under a name, one's own and the team's, and a way to keep what is shown now. */
export default function SavedViews({ team, value }: { team: string; value: HistoryChoice }) {
  const t = useTranslations("history");
  const { data: views, isError } = useQuery(trpc.savedView.list.queryOptions({ team }));
  const [open, setOpen] = useState<Open | null>(null);
  const query = addressOf(value);
  const close = () => setOpen(null);
  const canSave =
    (isFiltered(value) || value.view === "results") && !views?.some((one) => one.query === query);
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4">
      <section
        aria-label={t("savedViews")}
        className="flex min-h-8 min-w-0 flex-wrap items-center gap-x-1 gap-y-1"
      >
        <span className="mr-2 text-faint">{t("savedViews")}</span>
        {isError ? <span className="text-unknown">{t("viewsFailed")}</span> : null}
        {views?.length === 0 && !canSave ? <span className="text-faint">{t("noViews")}</span> : null}
        <ul className="contents">
          {(views ?? []).map((view) => (
            <View key={view.id} view={view} current={view.query === query} onOpen={setOpen} />
          ))}
        </ul>
        {canSave ? (
          <Button size="small" onClick={() => setOpen({ kind: "save" })}>
            {t("saveView")}
          </Button>
        ) : null}
        <Suspense>
          {open?.kind === "save" ? <ViewDialog team={team} query={query} onClose={close} /> : null}
          {open?.kind === "change" ? <ViewDialog team={team} view={open.view} onClose={close} /> : null}
          {open?.kind === "remove" ? <RemoveViewDialog team={team} view={open.view} onClose={close} /> : null}
        </Suspense>
      </section>
      <Export team={team} value={value} />
    </div>
  );
}

/** Days begin in the reader's time zone, which the browser alone knows: until it has the page, there is no link to take. */
function Export({ team, value }: { team: string; value: HistoryChoice }) {
  const here = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  return (
    <span className={here ? undefined : "invisible"}>
      <ExportLinks team={team} view={value.view} filter={here ? filterOf(value) : {}} />
    </span>
  );
}

function View({
  view,
  current,
  onOpen,
}: {
  view: SavedView;
  current: boolean;
  onOpen: (open: Open) => void;
}) {
  const t = useTranslations("history");
  const href = useTeamHref();
  const entries = [
    { key: "change", label: t("changeView"), onSelect: () => onOpen({ kind: "change", view }) },
    {
      ...{ key: "remove", label: t("removeView"), tone: "danger" as const },
      onSelect: () => onOpen({ kind: "remove", view }),
    },
  ];
  return (
    <li
      className={clsx(
        "inline-flex max-w-full items-center rounded-control",
        current ? "bg-accent-wash" : "hover:bg-hover",
      )}
    >
      <Link
        href={href(`/history?${view.query}`)}
        aria-current={current ? "page" : undefined}
        className="inline-flex h-7 min-w-0 items-center gap-1.5 px-2"
      >
        <span className="truncate">{view.name}</span>
        {view.shared ? (
          <span className="shrink-0 text-faint">
            {view.mine ? t("shared") : t("sharedBy", { name: view.owner })}
          </span>
        ) : null}
      </Link>
      {view.mine ? (
        <Menu
          trigger={<MoreIcon size={14} />}
          label={t("viewMenu", { name: view.name })}
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-control text-faint hover:text-ink"
          entries={entries}
          align="end"
        />
      ) : null}
    </li>
  );
}
