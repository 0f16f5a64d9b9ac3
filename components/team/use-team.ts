"use client";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "next/navigation";
import { type Role, roleCovers } from "#common/role.ts";
import { trpc } from "#components/api/trpc.ts";

/** The team in the address. */
export function useTeam(): string {
  const { team } = useParams<{ team: string }>();
  return team;
}

/** Makes addresses inside the team that keep the chosen cluster: `href("/runbooks")`. */
export function useTeamHref(): (path: string) => string {
  const team = useTeam();
  const cluster = useSearchParams().get("cluster");
  return (path) => {
    if (!cluster) return `/${team}${path}`;
    return `/${team}${path}${path.includes("?") ? "&" : "?"}cluster=${encodeURIComponent(cluster)}`;
  };
}

/**
 * Who is signed in, and as what in this team. `can("admin")` asks whether the role covers another: the one in the team,
 * or where `clusters` (slugs) are named, the one on each of them. `canSomewhere`: in the team or on any of its clusters.
 */
export function useMe(clusters: readonly (string | undefined)[] = []) {
  const team = useTeam();
  const { data } = useQuery(trpc.session.current.queryOptions());
  const all = useQuery(trpc.cluster.list.queryOptions({ team })).data ?? [];
  const role: Role = data?.teams.find((one) => one.slug === team)?.role ?? "viewer";
  const on = all.filter(({ slug }) => clusters.includes(slug)).map((cluster) => cluster.role);
  return {
    user: data?.user ?? null,
    teams: data?.teams ?? [],
    mayCreateTeam: data?.mayCreateTeam ?? false,
    role,
    can: (needed: Role) => (on.length > 0 ? on : [role]).every((one) => roleCovers(one, needed)),
    canSomewhere: (needed: Role) =>
      [role, ...all.map((one) => one.role)].some((one) => roleCovers(one, needed)),
  };
}
