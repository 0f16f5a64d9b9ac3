"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from "react";
import type { Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { SearchIcon } from "#components/ui/icons.tsx";
import { VerdictIcon } from "#components/ui/verdict.tsx";

const shownRunbooks = 8;

/** Search over pages and runbooks: type, choose with the arrows, Enter goes there. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations("layout");
  const router = useRouter();
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const hits = useHits(q);
  const chosen = Math.min(at, hits.length - 1);

  const go = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    onClose();
    router.push(hit.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") go(chosen);
    else if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(1, hits.length));
    else if (event.key === "ArrowUp") setAt((chosen - 1 + hits.length) % Math.max(1, hits.length));
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("paletteTitle")}
      place="top"
      bare
      initialFocus={input}
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <SearchIcon className="shrink-0 text-faint" />
        <input
          ref={input}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={hits[chosen] ? `${id}-${chosen}` : undefined}
          aria-label={t("paletteHint")}
          placeholder={t("paletteHint")}
          autoComplete="off"
          spellCheck={false}
          className="h-12 w-full bg-transparent text-body outline-none"
        />
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={t("paletteTitle")}
        className="max-h-[55vh] overflow-y-auto p-1.5"
      >
        {hits.map((hit, index) => (
          <button
            type="button"
            key={hit.href}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            ref={index === chosen ? (row) => row?.scrollIntoView({ block: "nearest" }) : undefined}
            onClick={() => go(index)}
            onPointerMove={() => setAt(index)}
            className={clsx(
              "flex min-h-9 w-full items-center gap-3 rounded-control px-2.5 py-1 text-left",
              index === chosen && "bg-hover",
            )}
          >
            <span className="min-w-0 flex-1 truncate">{hit.title}</span>
            {hit.verdict ? <VerdictIcon verdict={hit.verdict} labelled /> : null}
            <span className="shrink-0 text-faint">{hit.kind}</span>
          </button>
        ))}
        {hits.length === 0 ? <p className="px-2.5 py-6 text-faint">{t("paletteNothing", { q })}</p> : null}
      </div>
    </Dialog>
  );
}

const pages = [
  ["overview", "/overview"],
  ["runbooks", "/runbooks"],
  ["history", "/history"],
  ["schedules", "/schedules"],
  ["clusters", "/clusters"],
  ["connectCluster", "/clusters/connect"],
  ["profile", "/settings/profile"],
  ["teamSettings", "/settings/team"],
] as const;

function useHits(typed: string) {
  const t = useTranslations("layout");
  const team = useTeam();
  const href = useTeamHref();
  const locale = useLocale() as Locale;
  const q = useDeferredValue(typed.trim());
  const runbooks = useQuery(
    trpc.runbook.list.queryOptions(
      { team, q: q || undefined, locale },
      { placeholderData: keepPreviousData },
    ),
  );
  const word = q.toLocaleLowerCase();
  const pageHits = pages
    .map(([key, path]) => ({ title: t(key), href: href(path), kind: t("palettePages"), verdict: null }))
    .filter(({ title }) => title.toLocaleLowerCase().includes(word));
  const runbookHits = (runbooks.data ?? []).slice(0, shownRunbooks).map((runbook) => ({
    title: runbook.title,
    href: href(`/runbooks/${runbook.slug}`),
    kind: t("paletteRunbooks"),
    verdict: runbook.verdict,
  }));
  return q ? [...runbookHits, ...pageHits] : [...pageHits, ...runbookHits];
}
