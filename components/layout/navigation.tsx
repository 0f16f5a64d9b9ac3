"use client";
import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTeam, useTeamHref } from "#components/team/use-team.ts";
import {
  ClusterIcon,
  FindingIcon,
  HistoryIcon,
  OverviewIcon,
  RunbookIcon,
  ScheduleIcon,
  SettingsIcon,
} from "#components/ui/icons.tsx";

const places = [
  { key: "overview", path: "/overview", under: ["/overview"], Icon: OverviewIcon },
  { key: "runbooks", path: "/runbooks", under: ["/runbooks"], Icon: RunbookIcon },
  { key: "findings", path: "/findings", under: ["/findings", "/inbox"], Icon: FindingIcon },
  { key: "history", path: "/history", under: ["/history", "/runs", "/compare"], Icon: HistoryIcon },
  { key: "schedules", path: "/schedules", under: ["/schedules"], Icon: ScheduleIcon },
  { key: "clusters", path: "/clusters", under: ["/clusters"], Icon: ClusterIcon },
] as const;

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const t = useTranslations("layout");
  return (
    <nav aria-label={t("main")} className="space-y-px">
      {places.map(({ key, path, under, Icon }) => (
        <NavigationLink key={key} path={path} under={under} onNavigate={onNavigate}>
          <Icon className="shrink-0" />
          {t(key)}
        </NavigationLink>
      ))}
    </nav>
  );
}

export function SettingsLink({ onNavigate }: { onNavigate?: () => void }) {
  const t = useTranslations("layout");
  return (
    <NavigationLink path="/settings/profile" under={["/settings"]} onNavigate={onNavigate}>
      <SettingsIcon className="shrink-0" />
      {t("settings")}
    </NavigationLink>
  );
}

function NavigationLink({
  path,
  under,
  onNavigate,
  children,
}: {
  path: string;
  under: readonly string[];
  onNavigate?: () => void;
  children: React.ReactNode;
}) {
  const team = useTeam();
  const href = useTeamHref();
  const pathname = usePathname();
  const here = under.some((part) => pathname.startsWith(`/${team}${part}`));
  return (
    <Link
      href={href(path)}
      onClick={onNavigate}
      aria-current={pathname === `/${team}${path}` ? "page" : here ? "true" : undefined}
      className={clsx(
        "flex h-8 items-center gap-2.5 rounded-control px-2 font-medium transition-colors max-md:h-10",
        here ? "bg-hover text-ink [&>svg]:text-accent" : "text-soft hover:bg-hover hover:text-ink",
      )}
    >
      {children}
    </Link>
  );
}
