"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { KeptParams } from "#common/contracts/param.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { Time } from "#components/ui/time.tsx";

/** What checks are asked differently on this cluster. Nothing where it keeps none. */
export default function ClusterParams({ slug }: { slug: string }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const { data } = useQuery(trpc.param.get.queryOptions({ team, cluster: slug }));
  const own = data?.filter(({ cluster }) => cluster !== null) ?? [];
  if (own.length === 0) return null;
  return (
    <Section title={t("params")}>
      <ul className="divide-y divide-line">
        {own.map((kept) => (
          <OfCheck key={kept.check} kept={kept} />
        ))}
      </ul>
    </Section>
  );
}

function OfCheck({ kept }: { kept: KeptParams }) {
  const t = useTranslations("clusters");
  const locale = useLocale() as Locale;
  const team = useTeam();
  const { can } = useMe([kept.cluster ?? undefined]);
  const queries = useQueryClient();
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  const reset = useMutation(
    trpc.param.reset.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.param.pathKey() }),
    }),
  );
  const check = checks?.find(({ id }) => id === kept.check);
  const title = check ? inLocale(check.title, locale) : kept.check;
  const labelOf = (name: string) => {
    const field = check?.params.find((one) => one.name === name);
    return field ? `${inLocale(field.label, locale)}${field.unit ? ` (${field.unit})` : ""}` : name;
  };
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{title}</p>
        <ul className="text-soft">
          {Object.entries(kept.values).map(([name, value]) => (
            <li key={name} className="break-words">
              {labelOf(name)}: <span className="font-mono text-[0.75rem]">{String(value)}</span>
              {kept.refused.includes(name) ? (
                <span className="text-unknown"> {t("paramRefused")}</span>
              ) : null}
            </li>
          ))}
        </ul>
        <p className="text-faint">
          {kept.updatedBy}, <Time at={kept.updatedAt} />
        </p>
      </div>
      {can("admin") ? (
        <Button
          size="small"
          tone="quiet"
          busy={reset.isPending}
          aria-label={t("paramResetThis", { title })}
          onClick={() => reset.mutate({ team, check: kept.check, cluster: kept.cluster })}
        >
          {t("paramReset")}
        </Button>
      ) : null}
    </li>
  );
}
