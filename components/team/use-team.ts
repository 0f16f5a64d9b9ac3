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

/** Who is signed in, and as what in this team. `can("admin")` asks whether the role covers another. */
export function useMe() {
  const team = useTeam();
  const { data } = useQuery(trpc.session.current.queryOptions());
  const role: Role = data?.teams.find((one) => one.slug === team)?.role ?? "viewer";
  return {
    user: data?.user ?? null,
    teams: data?.teams ?? [],
    role,
    can: (needed: Role) => roleCovers(role, needed),
  };
}
