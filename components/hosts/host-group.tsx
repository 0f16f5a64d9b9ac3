"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { HostGroupView, HostView } from "#common/contracts/host.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { Time } from "#components/ui/time.tsx";
import { HostTable } from "./host-table.tsx";
import { ReasonWords } from "./reason-words.tsx";

const GroupDialog = lazy(() => import("./group-dialog.tsx"));
const ConfirmDialog = lazy(() => import("./confirm-dialog.tsx"));
const SudoersDialog = lazy(() => import("./sudoers-dialog.tsx"));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

type Props = { cluster: string; view: HostGroupView };
type Opened = { type: "edit" | "sudoers" | "remove" } | { type: "confirm"; hosts: HostView[] };

/** A group of hosts: who logs in, whose key is known, who answers. */
export function HostGroup({ cluster, view }: Props) {
  const t = useTranslations("hosts");
  const { can } = useMe([cluster]);
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const { group } = view;
  const waiting = view.hosts.filter(({ keyState }) => keyState === "waiting");
  const count = view.hosts.filter(({ isJump }) => !isJump).length;
  return (
    <article aria-label={group.name}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="text-dense">{group.name}</h3>
          <p className="text-faint">
            <span className="font-mono text-[0.75rem]">{group.user}</span> · {t("count", { count })} ·{" "}
            {view.hasCredential ? (
              t(view.hasCertificate ? "withCertificate" : "withKey")
            ) : (
              <span className="text-fail">{t("noCredential")}</span>
            )}
            {group.jump ? ` · ${t("jumpMark")} ${group.jump.host}` : null}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Looks cluster={cluster} view={view} />
          <Button onClick={() => setOpened({ type: "sudoers" })}>{t("sudoers")}</Button>
          {can("admin") ? <Button onClick={() => setOpened({ type: "edit" })}>{t("edit")}</Button> : null}
          {can("admin") ? <Button onClick={() => setOpened({ type: "remove" })}>{t("remove")}</Button> : null}
        </div>
      </div>
      <div aria-live="polite" className="mt-2 flex flex-wrap items-center gap-3">
        {view.looking ? (
          <span className="inline-flex items-center gap-2 text-soft">
            <Spinner /> {t("looking")}
          </span>
        ) : view.lookedAt ? (
          <span className="text-faint">
            {t("lookedAt")} <Time at={view.lookedAt} />
          </span>
        ) : null}
        {waiting.length > 0 && can("admin") ? (
          <Button tone="primary" onClick={() => setOpened({ type: "confirm", hosts: waiting })}>
            {t("confirmAll", { count: waiting.length })}
          </Button>
        ) : null}
      </div>
      {view.problem ? <ReasonWords title={t("nodesProblem")} reason={view.problem} /> : null}
      <HostTable
        view={view}
        onConfirm={can("admin") ? (host) => setOpened({ type: "confirm", hosts: [host] }) : null}
      />
      <Suspense>
        {opened?.type === "edit" ? <GroupDialog cluster={cluster} view={view} onClose={close} /> : null}
        {opened?.type === "sudoers" ? <SudoersDialog cluster={cluster} view={view} onClose={close} /> : null}
        {opened?.type === "remove" ? <RemoveDialog cluster={cluster} view={view} onClose={close} /> : null}
        {opened?.type === "confirm" ? (
          <ConfirmDialog cluster={cluster} view={view} hosts={opened.hosts} onClose={close} />
        ) : null}
      </Suspense>
    </article>
  );
}

/** Fetching the keys and logging in, each on a worker. */
function Looks({ cluster, view }: Props) {
  const t = useTranslations("hosts");
  const team = useTeam();
  const { can } = useMe([cluster]);
  const queries = useQueryClient();
  const words = useErrorWords();
  const onSuccess = () => queries.invalidateQueries({ queryKey: trpc.host.list.queryKey() });
  const scan = useMutation(trpc.host.scanKeys.mutationOptions({ onSuccess }));
  const test = useMutation(trpc.host.test.mutationOptions({ onSuccess }));
  const input = { team, cluster, connectionId: view.id };
  const shared = { disabled: !can("operator"), title: can("operator") ? undefined : t("needOperator") };
  return (
    <>
      <Button {...shared} busy={scan.isPending || view.looking} onClick={() => scan.mutate(input)}>
        {t("scan")}
      </Button>
      <Button {...shared} busy={test.isPending || view.looking} onClick={() => test.mutate(input)}>
        {t("test")}
      </Button>
      <FormError>{words(scan.error ?? test.error).form}</FormError>
    </>
  );
}
