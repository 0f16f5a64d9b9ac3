"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useTeam, useTeamHref } from "./use-team.ts";

const parts = ["profile", "security", "team", "channels", "keys", "shares", "audit"] as const;

export function SettingsFrame({ part, children }: { part: (typeof parts)[number]; children: ReactNode }) {
  const t = useTranslations("settings");
  const team = useTeam();
  const href = useTeamHref();
  const pathname = usePathname();
  return (
    <div className="max-w-3xl">
      <nav aria-label={t("sections")} className="mb-6 flex flex-wrap gap-x-5 border-b border-line">
        {parts.map((one) => (
          <Link
            key={one}
            href={href(`/settings/${one}`)}
            aria-current={pathname === `/${team}/settings/${one}` ? "page" : undefined}
            className="-mb-px inline-flex h-9 items-center border-b-2 border-transparent font-medium text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
          >
            {t(one)}
          </Link>
        ))}
      </nav>
      <PageHeader title={t(part)}>{t(`${part}Intro`)}</PageHeader>
      {children}
    </div>
  );
}
