"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { Member } from "#common/contracts/team.ts";
import { type Role, roleCovers, roles } from "#common/role.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Select } from "#components/ui/select.tsx";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";
import { roleName } from "./role-name.ts";
import { useMe, useTeam } from "./use-team.ts";

const ResetDialog = lazy(() => import("./reset-dialog.tsx"));

export function Members({ members }: { members: Member[] }) {
  const t = useTranslations("settings");
  const { can } = useMe();
  const [resetting, setResetting] = useState<Member | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);
  return (
    <>
      <Table label={t("members")}>
        <Thead>
          <tr>
            <Th>{t("member")}</Th>
            <Th>{t("role")}</Th>
            <Th>{t("joined")}</Th>
            {can("admin") ? (
              <Th>
                <span className="sr-only">{t("actions")}</span>
              </Th>
            ) : null}
          </tr>
        </Thead>
        <tbody>
          {members.map((member) => (
            <MemberRow
              key={member.userId}
              member={member}
              onReset={() => setResetting(member)}
              onRemove={() => setLeaving(member)}
            />
          ))}
        </tbody>
      </Table>
      <RemoveDialog member={leaving} onClose={() => setLeaving(null)} />
      <Suspense>
        {resetting ? <ResetDialog member={resetting} onClose={() => setResetting(null)} /> : null}
      </Suspense>
    </>
  );
}

type RowProps = { member: Member; onReset: () => void; onRemove: () => void };

function MemberRow({ member, onReset, onRemove }: RowProps) {
  const t = useTranslations("settings");
  const { user, role: mine, can } = useMe();
  const setRole = useSetRole(member);
  // Nobody changes a role above their own.
  const editable = can("admin") && roleCovers(mine, member.role);
  return (
    <Tr>
      <Td className="py-2">
        <span className="font-medium">{member.name}</span>
        {member.userId === user?.id ? <span className="text-faint"> ({t("you")})</span> : null}
        <span className="block text-faint">{member.email}</span>
      </Td>
      <Td>
        {editable ? (
          <Select
            aria-label={t("roleOf", { name: member.name })}
            value={setRole.isPending ? setRole.variables.role : member.role}
            onChange={(event) => setRole.change(event.target.value as Role)}
            className="w-36"
          >
            {roles.map((role) => (
              <option key={role} value={role} disabled={!roleCovers(mine, role)}>
                {t(roleName[role])}
              </option>
            ))}
          </Select>
        ) : (
          t(roleName[member.role])
        )}
        {setRole.problem ? (
          <span role="alert" className="mt-1 block max-w-60 text-fail">
            {setRole.problem}
          </span>
        ) : null}
      </Td>
      <Td className="whitespace-nowrap text-faint">
        <Time at={member.joinedAt} />
      </Td>
      {can("admin") ? (
        <Td className="text-right whitespace-nowrap">
          {editable ? (
            <>
              {member.userId === user?.id ? null : (
                <Button
                  tone="quiet"
                  size="small"
                  onClick={onReset}
                  aria-label={t("resetTitle", { name: member.name })}
                >
                  {t("reset")}
                </Button>
              )}
              <Button
                tone="quiet"
                size="small"
                onClick={onRemove}
                aria-label={t("removeConfirm", { name: member.name })}
              >
                {t("remove")}
              </Button>
            </>
          ) : null}
        </Td>
      ) : null}
    </Tr>
  );
}

function useSetRole(member: Member) {
  const t = useTranslations("settings");
  const queries = useQueryClient();
  const team = useTeam();
  const words = useErrorWords();
  const mutation = useMutation(
    trpc.team.setRole.mutationOptions({
      onSuccess: async (_, { role }) => {
        await queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() });
        await queries.invalidateQueries({ queryKey: trpc.session.current.queryKey() });
        toast(t("roleChanged", { name: member.name, role: t(roleName[role]) }));
      },
    }),
  );
  const { form, fields } = words(mutation.error);
  return {
    ...mutation,
    change: (role: Role) => mutation.mutate({ team, userId: member.userId, role }),
    problem: form ?? Object.values(fields)[0],
  };
}

function RemoveDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const queries = useQueryClient();
  const team = useTeam();
  const remove = useMutation(
    trpc.team.removeMember.mutationOptions({
      onSuccess: async () => {
        toast(t("removed", { name: member?.name ?? "" }));
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.team.get.queryKey() });
      },
    }),
  );
  const { form, fields } = useErrorWords()(remove.error);
  const close = () => {
    remove.reset();
    onClose();
  };
  if (!member) return null;
  const { name, userId } = member;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title={t("removeTitle", { name })}
      description={t("removeText", { name })}
    >
      <div className="mt-3">
        <FormError>{form ?? Object.values(fields)[0]}</FormError>
      </div>
      <DialogActions>
        <Button onClick={close}>{common("cancel")}</Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate({ team, userId })}>
          {t("removeConfirm", { name })}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
