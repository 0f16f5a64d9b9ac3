"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { locales } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { signOut } from "#components/auth/session-requests.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { MoonIcon, ScreenIcon, SelectorIcon, SunIcon, UserIcon } from "#components/ui/icons.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { languageNames, useLanguage } from "./use-language.ts";

const themes = [
  ["system", <ScreenIcon key="system" />],
  ["light", <SunIcon key="light" />],
  ["dark", <MoonIcon key="dark" />],
] as const;

export function UserMenu() {
  const t = useTranslations("layout");
  const { user, teams } = useMe();
  const team = useTeam();
  const href = useTeamHref();
  const { theme, setTheme } = useTheme();
  const { locale, change } = useLanguage();
  const profile = useMutation(trpc.profile.update.mutationOptions());
  if (!user) return null;

  const entries: MenuEntry[] = [
    { type: "heading", key: "who", label: user.email },
    { key: "profile", label: t("profile"), icon: <UserIcon />, href: href("/settings/profile") },
    ...(teams.length > 1
      ? [
          { type: "heading" as const, key: "teams", label: t("teams") },
          ...teams.map((one) => ({
            key: `team ${one.slug}`,
            label: one.name,
            checked: one.slug === team,
            onSelect: () => location.assign(`/${one.slug}/overview`),
          })),
        ]
      : []),
    { type: "heading", key: "appearance", label: t("appearance") },
    ...themes.map(([key, icon]) => ({
      key,
      label: t(key),
      icon,
      checked: theme === key,
      onSelect: () => setTheme(key),
    })),
    { type: "heading", key: "language", label: t("language") },
    ...locales.map((one) => ({
      key: one,
      label: <span lang={one}>{languageNames[one]}</span>,
      checked: one === locale,
      onSelect: () => {
        change(one);
        profile.mutate({ name: user.name, locale: one });
      },
    })),
    { type: "separator", key: "line" },
    {
      key: "out",
      label: t("signOut"),
      onSelect: () => void signOut().then(() => location.assign("/sign-in")),
    },
  ];
  return (
    <Menu
      side="top"
      label={t("userMenu", { name: user.name })}
      entries={entries}
      className="flex h-10 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-hover"
      trigger={
        <>
          <span
            aria-hidden="true"
            className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-ink text-micro font-semibold text-bg"
          >
            {[...user.name][0]?.toUpperCase()}
          </span>
          <span className="min-w-0 flex-1 truncate font-medium">{user.name}</span>
          <SelectorIcon size={14} className="shrink-0 text-faint" />
        </>
      }
    />
  );
}
