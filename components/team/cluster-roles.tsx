"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ClusterView } from "#common/contracts/cluster.ts";
import type { Member } from "#common/contracts/team.ts";
import { type Role, roleCovers } from "#common/role.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { FormError } from "#components/ui/form-error.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { toast } from "#components/ui/toast.ts";
import { roleName } from "./role-name.ts";
import { useMe, useTeam } from "./use-team.ts";

const given = ["viewer", "operator", "admin"] as const;
type Given = (typeof given)[number];

/** Members by clusters: where somebody is more or less than in the team. Owners are owners everywhere. */
export default function ClusterRoles({ members }: { members: Member[] }) {
  const t = useTranslations("settings");
  const team = useTeam();
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team }));
  const { data: exceptions } = useQuery(trpc.team.clusterRoles.queryOptions({ team }));
  const set = useSetClusterRole();
  const others = members.filter(({ role }) => role !== "owner");
  if (!clusters || !exceptions) return <Skeleton className="h-24 w-full" />;
  if (clusters.length === 0 || others.length === 0)
    return <p className="text-soft">{t("clusterRolesNone")}</p>;
  return (
    <>
      <FormError>{set.problem}</FormError>
      <Table label={t("clusterRoles")}>
        <Thead>
          <tr>
            <Th>{t("member")}</Th>
            {clusters.map(({ slug, name }) => (
              <Th key={slug}>{name}</Th>
            ))}
          </tr>
        </Thead>
        <tbody>
          {others.map((member) => (
            <Tr key={member.userId}>
              <Td className="py-2">
                <span className="font-medium">{member.name}</span>
                <span className="block text-faint">{t(roleName[member.role])}</span>
              </Td>
              {clusters.map((cluster) => (
                <Cell
                  key={cluster.slug}
                  member={member}
                  cluster={cluster}
                  role={
                    exceptions.find((one) => one.userId === member.userId && one.cluster === cluster.slug)
                      ?.role ?? null
                  }
                  onChange={(role) => set.change(member, cluster, role)}
                />
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

type CellProps = {
  member: Member;
  cluster: ClusterView;
  /** null: as in the team */
  role: Role | null;
  onChange: (role: Given | null) => void;
};

function Cell({ member, cluster, role, onChange }: CellProps) {
  const t = useTranslations("settings");
  const { user, role: mine, can } = useMe();
  const editable =
    can("admin") &&
    member.userId !== user?.id &&
    roleCovers(mine, member.role) &&
    roleCovers(cluster.role, role ?? member.role);
  const usual = t("asInTeam", { role: t(roleName[member.role]) });
  if (!editable) {
    return <Td className={role ? undefined : "text-faint"}>{role ? t(roleName[role]) : usual}</Td>;
  }
  return (
    <Td>
      <Select
        aria-label={t("roleOnCluster", { name: member.name, cluster: cluster.name })}
        value={role ?? ""}
        onChange={({ target }) => onChange(given.find((one) => one === target.value) ?? null)}
        className="w-56"
      >
        <option value="">{usual}</option>
        {given.map((one) => (
          <option key={one} value={one} disabled={!roleCovers(cluster.role, one)}>
            {t(roleName[one])}
          </option>
        ))}
      </Select>
    </Td>
  );
}

function useSetClusterRole() {
  const t = useTranslations("settings");
  const queries = useQueryClient();
  const team = useTeam();
  const words = useErrorWords();
  const set = useMutation(
    trpc.team.setClusterRole.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.team.clusterRoles.queryKey() });
        toast(t("clusterRoleChanged"));
      },
    }),
  );
  const { form, fields } = words(set.error);
  return {
    problem: form ?? Object.values(fields)[0],
    change: ({ userId }: Member, { slug: cluster }: ClusterView, role: Given | null) =>
      set.mutate({ team, userId, cluster, role }),
  };
}
