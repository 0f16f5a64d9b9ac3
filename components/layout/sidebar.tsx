"use client";
import Link from "next/link";
import { ClusterSwitcher } from "#components/clusters/cluster-switcher.tsx";
import { useTeamHref } from "#components/team/use-team.ts";
import { Brand } from "./brand.tsx";
import { Navigation, SettingsLink } from "./navigation.tsx";
import { UserMenu } from "./user-menu.tsx";

/** What stands at the left of every team page, and in the drawer of a phone. */
export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const href = useTeamHref();
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <Link
        href={href("/overview")}
        onClick={onNavigate}
        className="flex h-8 items-center rounded-control px-2"
      >
        <Brand />
      </Link>
      <ClusterSwitcher />
      <Navigation onNavigate={onNavigate} />
      <div className="mt-auto space-y-px border-t border-line pt-2">
        <SettingsLink onNavigate={onNavigate} />
        <UserMenu />
      </div>
    </div>
  );
}
