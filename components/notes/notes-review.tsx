"use client";
import { useLocale, useTranslations } from "next-intl";
import type { NotesView } from "#common/contracts/notes.ts";
import { calendarDay } from "#common/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Input } from "#components/ui/input.tsx";
import { contentOf, type Edits, type Entry } from "./group-entries.ts";

type Change = (edits: Edits) => void;
type Weeks = { week: NotesView["weeks"][number]; entries: Entry[] }[];

/** Everything that was recognised, by week, to be corrected before anything is made of it. */
export function NotesReview({ weeks, edits, onChange }: { weeks: Weeks; edits: Edits; onChange: Change }) {
  const t = useTranslations("notes");
  const locale = useLocale();
  return weeks.map(({ week, entries }) => (
    <section key={entries[0]?.place} className="mb-7">
      <h2 className="sticky top-[5.5rem] z-10 flex flex-wrap items-baseline gap-x-3 border-b border-line bg-bg py-1.5 text-dense font-medium text-faint">
        {week.week ? t("week", { day: calendarDay(week.week, locale) }) : t("noWeek")}
        {week.written ? <span className="font-normal">{week.written}</span> : null}
      </h2>
      <ul className="divide-y divide-line">
        {entries.map((entry, at) => (
          <EntryRow key={entry.place} {...{ entry, edits, onChange, first: at === 0 }} />
        ))}
      </ul>
    </section>
  ));
}

type RowProps = { entry: Entry; first: boolean; edits: Edits; onChange: Change };

function EntryRow({ entry, first, edits, onChange }: RowProps) {
  const t = useTranslations("notes");
  const { place, title, chosen } = entry;
  const content = contentOf(entry);
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 gap-y-1 py-2">
      <input
        type="checkbox"
        aria-label={t("choose", { title })}
        className="mt-2 size-4 rounded-[3px]"
        checked={chosen}
        onChange={(event) =>
          onChange({ ...edits, chosen: { ...edits.chosen, [place]: event.target.checked } })
        }
      />
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Input
            aria-label={t("title")}
            aria-invalid={title.trim() === "" || undefined}
            className="max-w-xl min-w-0 flex-1 basis-60"
            maxLength={200}
            value={title}
            onChange={(event) =>
              onChange({ ...edits, titles: { ...edits.titles, [place]: event.target.value } })
            }
          />
          {entry.known ? <Badge outline="dashed">{t("known")}</Badge> : null}
          <span className="text-faint">{t("content", content)}</span>
        </div>
        {title.trim() === "" ? <p className="mt-1 text-fail">{t("titleMissing")}</p> : null}
        <Disclosure summary={t("text")} className="mt-1">
          <EntryText {...{ entry, first, edits, onChange }} />
        </Disclosure>
      </div>
    </li>
  );
}

function EntryText({ entry, first, edits, onChange }: RowProps) {
  const t = useTranslations("notes");
  const setStart = (place: string, starts: boolean) =>
    onChange({ ...edits, starts: { ...edits.starts, [place]: starts } });
  return (
    <div className="space-y-3 pb-2">
      {first ? null : (
        <Button size="small" onClick={() => setStart(entry.place, false)}>
          {t("join")}
        </Button>
      )}
      {entry.sections.map(({ place, section }, index) => (
        <div key={place}>
          {index === 0 ? null : (
            <div className="mb-1 flex flex-wrap items-center gap-3">
              <h3 className="font-medium">{section.title ?? t("untitled")}</h3>
              <Button size="small" onClick={() => setStart(place, true)}>
                {t("split")}
              </Button>
            </div>
          )}
          {section.markdown === "" ? null : (
            <pre className="rounded-control bg-sunken px-3 py-2 font-mono text-[0.75rem] leading-5 break-words whitespace-pre-wrap">
              {section.markdown}
            </pre>
          )}
        </div>
      ))}
    </div>
  );
}
