"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ClusterView, ConnectionView } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { kindName } from "./kind-name.ts";
import { TestReport } from "./test-report.tsx";

const RequestBudgetForm = lazy(() => import("./request-budget.tsx"));
const ReplaceDialog = lazy(() => import("./replace-dialog.tsx"));

type Props = { cluster: ClusterView; connection: ConnectionView };

const credentialName = {
  token: "credentialToken",
  "client-certificate": "credentialCertificate",
  none: "credentialNone",
} as const;

/** One way into a cluster: where, with what, whether it works, and how to change that. */
export function ConnectionPanel({ cluster, connection }: Props) {
  const t = useTranslations("clusters");
  const { can } = useMe([cluster.slug]);
  const test = useTest({ cluster, connection });
  const [replacing, setReplacing] = useState(false);
  const kubernetes = connection.kind === "kubernetes";
  return (
    <article aria-label={t(kindName[connection.kind])}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="text-dense">{t(kindName[connection.kind])}</h3>
          {kubernetes ? (
            <p className="font-mono text-[0.75rem] leading-5 break-all text-soft">{connection.address}</p>
          ) : null}
          {kubernetes ? (
            <p className="text-faint">
              {t("credential")}: {t(credentialName[connection.credentialKind])}
            </p>
          ) : null}
        </div>
        <div className="flex flex-wrap gap-2">
          {kubernetes && !cluster.managed && can("admin") ? (
            <Button onClick={() => setReplacing(true)}>{t("replace")}</Button>
          ) : null}
          <Button
            busy={connection.testing || test.isPending}
            disabled={!can("operator")}
            title={can("operator") ? undefined : t("needOperator")}
            onClick={() => test.start()}
          >
            {t("test")}
          </Button>
        </div>
      </div>
      <div aria-live="polite" className="mt-3 mb-3">
        <ConnectionState connection={connection} />
        <FormError>{test.problem}</FormError>
      </div>
      {connection.test ? (
        <div className={connection.testing ? "opacity-55 transition-opacity" : "transition-opacity"}>
          <TestReport test={connection.test} />
        </div>
      ) : null}
      <Suspense>
        {connection.budget ? (
          <RequestBudgetForm cluster={cluster.slug} connectionId={connection.id} budget={connection.budget} />
        ) : null}
      </Suspense>
      <Suspense>
        {replacing ? <ReplaceDialog cluster={cluster} onClose={() => setReplacing(false)} /> : null}
      </Suspense>
    </article>
  );
}

function useTest({ cluster, connection }: Props) {
  const team = useTeam();
  const queries = useQueryClient();
  const words = useErrorWords();
  const test = useMutation(
    trpc.cluster.test.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.cluster.get.queryKey() }),
    }),
  );
  return {
    isPending: test.isPending,
    start: () => test.mutate({ team, cluster: cluster.slug, connectionId: connection.id }),
    problem: words(test.error).form,
  };
}
