"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { roles } from "#common/role.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.ts";
import { Invitations } from "./invitations.tsx";
import { Members } from "./members.tsx";
import { roleName } from "./role-name.ts";
import { SettingsFrame } from "./settings-frame.tsx";
import { useMe, useTeam } from "./use-team.ts";

const ClusterRoles = lazy(() => import("./cluster-roles.tsx"));
const TeamSafety = lazy(() => import("./team-safety.tsx"));
const InviteDialog = lazy(() => import("./invite-dialog.tsx"));

export function TeamSettings() {
  const t = useTranslations("settings");
  const slug = useTeam();
  const { can } = useMe();
  const { data: team } = useSuspenseQuery(trpc.team.get.queryOptions({ team: slug }));
  const [inviting, setInviting] = useState(false);
  return (
    <SettingsFrame part="team">
      <TeamName name={team.name} />
      <Section
        title={t("members")}
        aside={
          can("admin") ? (
            <Button size="small" icon={<PlusIcon size={14} />} onClick={() => setInviting(true)}>
              {t("inviteMember")}
            </Button>
          ) : (
            t("needAdmin")
          )
        }
      >
        <Members members={team.members} />
      </Section>
      {can("admin") ? (
        <Section title={t("invitations")}>
          <Invitations invitations={team.invitations} />
        </Section>
      ) : null}
      <Section title={t("clusterRoles")}>
        <p className="mb-2 text-soft">{t("clusterRolesIntro")}</p>
        <Suspense fallback={<Skeleton className="h-24 w-full" />}>
          <ClusterRoles members={team.members} />
        </Suspense>
      </Section>
      <Section title={t("safety")}>
        <Suspense fallback={<Skeleton className="h-16 w-full" />}>
          <TeamSafety name={team.name} requireTwoFactor={team.requireTwoFactor} />
        </Suspense>
      </Section>
      <Section title={t("roles")}>
        <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1">
          {roles.map((role) => (
            <div key={role} className="contents">
              <dt className="font-medium">{t(roleName[role])}</dt>
              <dd className="text-soft">{t(`${roleName[role]}Help`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Suspense>
        {inviting ? <InviteDialog teamName={team.name} onClose={() => setInviting(false)} /> : null}
      </Suspense>
    </SettingsFrame>
  );
}

function TeamName({ name }: { name: string }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const queries = useQueryClient();
  const team = useTeam();
  const { can } = useMe();
  const rename = useMutation(
    trpc.team.rename.mutationOptions({
      onSuccess: async () => {
        toast(common("saved"));
        await queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() });
        await queries.invalidateQueries({ queryKey: trpc.session.current.queryKey() });
      },
    }),
  );
  const { form, fields } = useErrorWords()(rename.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ team, name: String(new FormData(event.currentTarget).get("name")) });
  };
  const allowed = can("owner");
  return (
    <form onSubmit={submit} noValidate className="flex max-w-md items-start gap-2">
      <Field
        label={t("teamName")}
        help={allowed ? t("teamNameHelp") : t("needOwner")}
        error={fields.name ?? form}
        className="flex-1"
      >
        {(control) => (
          <Input {...control} name="name" maxLength={80} defaultValue={name} disabled={!allowed} />
        )}
      </Field>
      <Button type="submit" busy={rename.isPending} disabled={!allowed} className="mt-6">
        {t("rename")}
      </Button>
    </form>
  );
}
