"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { Approval } from "#common/contracts/team-runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Time } from "#components/ui/time.tsx";

/** The commands of the saved version, and whether an admin has said yes to each. */
export function Approvals({ slug, approvals }: { slug: string; approvals: Approval[] }) {
  const t = useTranslations("editor");
  if (approvals.length === 0) return null;
  return (
    <section aria-labelledby="approvals">
      <h2 id="approvals" className="mb-1 font-medium">
        {t("approvals")}
      </h2>
      <p className="mb-2 max-w-[70ch] text-soft">{t("approvalsHelp")}</p>
      <ul className="space-y-4">
        {approvals.map((approval) => (
          <li key={approval.contentHash}>
            <OneApproval slug={slug} approval={approval} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneApproval({ slug, approval }: { slug: string; approval: Approval }) {
  const t = useTranslations("editor");
  const locale = useLocale() as Locale;
  const team = useTeam();
  const { can } = useMe();
  const queries = useQueryClient();
  const approve = useMutation(
    trpc.teamRunbook.approve.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.teamRunbook.pathKey() }),
    }),
  );
  const words = useErrorWords()(approve.error);
  const { checkId, contentHash, approved } = approval;
  const command = `${approval.sudo ? "sudo " : ""}${approval.argv.map(quoted).join(" ")}`;
  return (
    <>
      <h3 className="text-body">{inLocale(approval.title, locale)}</h3>
      <CodeBlock code={command} className="my-1.5" />
      {approved ? (
        <p className="text-soft">
          {t("approvedBy", { name: approved.by })} <Time at={approved.at} />
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <span className="text-soft">{t("waiting")}</span>
          {can("admin") ? (
            <Button
              size="small"
              busy={approve.isPending}
              onClick={() => approve.mutate({ team, slug, checkId, contentHash })}
            >
              {t("approve")}
            </Button>
          ) : null}
        </div>
      )}
      <FieldError>{words.form}</FieldError>
    </>
  );
}

/** As a shell would take it, to be read: nothing here is given to a shell. */
function quoted(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
