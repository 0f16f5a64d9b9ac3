import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RestoreVersion } from "#components/editor/restore-version.tsx";
import { VersionChoice } from "#components/editor/version-choice.tsx";
import { VersionDiffView } from "#components/editor/version-diff.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { fetchOrNotFound, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; slug: string }>;
  searchParams: Promise<{ from?: string | string[]; to?: string | string[] }>;
};

async function read({ params, searchParams }: Props) {
  const [{ team, slug }, { from, to }] = await Promise.all([params, searchParams]);
  const asked = { from: numberOf(from), to: numberOf(to) };
  return fetchOrNotFound(trpc.teamRunbook.compareVersions.queryOptions({ team, slug, ...asked }));
}

function numberOf(written: string | string[] | undefined): number | undefined {
  return typeof written === "string" && /^[1-9]\d{0,8}$/.test(written) ? Number(written) : undefined;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const t = await getTranslations("versions");
  return { title: t("title", { title: (await read(props)).title }) };
}

export default async function Page(props: Props) {
  const t = await getTranslations("versions");
  const { team, slug } = await props.params;
  const { title, from, to, versions, parts, added, removed } = await read(props);
  const newest = versions[0]?.number ?? to;
  return (
    <Messages of={["versions"]}>
      <PageHeader
        title={t("title", { title })}
        actions={
          <>
            <ButtonLink href={`/${team}/runbooks/${slug}/edit`}>{t("back")}</ButtonLink>
            {from.number < newest ? <RestoreVersion slug={slug} newest={newest} version={from} /> : null}
          </>
        }
      >
        {versions.length < 2 ? t("only") : t("lines", { added, removed })}
      </PageHeader>
      <VersionChoice versions={versions} from={from.number} to={to} />
      {added + removed === 0 && versions.length > 1 ? <p className="mb-4 text-soft">{t("same")}</p> : null}
      <VersionDiffView parts={parts} />
    </Messages>
  );
}
