"use client";
import { useTranslations } from "next-intl";
import { type Verdict, verdicts } from "#common/verdict.ts";
import { SearchIcon } from "#components/ui/icons.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";

type Filters = { q: string; tag: string | null; verdict: Verdict | null };

export function RunbookFilters({
  filters,
  onChange,
  tags,
  clusterName,
}: {
  filters: Filters;
  onChange: (change: Partial<{ q: string | null; tag: string | null; verdict: Verdict | null }>) => void;
  tags: string[];
  clusterName: string | null;
}) {
  const t = useTranslations("runbooks");
  const words = useTranslations("verdict");
  const verdictLabel = clusterName ? t("verdict", { cluster: clusterName }) : t("verdictNoCluster");
  return (
    <search className="mb-5 flex flex-wrap gap-2">
      <span className="relative min-w-52 flex-1 sm:max-w-sm">
        <SearchIcon className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
        <Input
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={filters.q}
          onChange={(event) => onChange({ q: event.target.value || null })}
          className="pl-8"
        />
      </span>
      <Select
        aria-label={t("tag")}
        value={filters.tag ?? ""}
        onChange={(event) => onChange({ tag: event.target.value || null })}
        className="w-40"
      >
        <option value="">{t("allTags")}</option>
        {tags.map((tag) => (
          <option key={tag}>{tag}</option>
        ))}
      </Select>
      <Select
        aria-label={verdictLabel}
        title={verdictLabel}
        value={filters.verdict ?? ""}
        onChange={(event) =>
          onChange({ verdict: verdicts.find((one) => one === event.target.value) ?? null })
        }
        className="w-36"
      >
        <option value="">{t("allVerdicts")}</option>
        {verdicts.map((verdict) => (
          <option key={verdict} value={verdict}>
            {words(verdict)}
          </option>
        ))}
      </Select>
    </search>
  );
}
