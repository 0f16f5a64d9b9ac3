"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { locales } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { signOut } from "#components/auth/session-requests.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { PlusIcon } from "#components/ui/icons.tsx";
import type { MenuEntry, MenuLook } from "#components/ui/menu.tsx";
import { MoonIcon, ScreenIcon, SunIcon, UserIcon } from "#components/ui/menu-icons.tsx";
import MenuPanel from "#components/ui/menu-panel.tsx";
import { chooseTheme, themes, useThemeChoice } from "./theme-choice.ts";
import { languageNames, useLanguage } from "./use-language.ts";

const themeIcons = { system: <ScreenIcon />, light: <SunIcon />, dark: <MoonIcon /> };

/** The loaded half of UserMenu. */
export default function UserMenuPanel(look: MenuLook) {
  const t = useTranslations("layout");
  const { user, teams, mayCreateTeam } = useMe();
  const team = useTeam();
  const href = useTeamHref();
  const theme = useThemeChoice();
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
    ...(mayCreateTeam
      ? [{ key: "new team", label: t("newTeam"), icon: <PlusIcon />, href: href("/settings/new-team") }]
      : []),
    { type: "heading", key: "appearance", label: t("appearance") },
    ...themes.map((key) => ({
      key,
      label: t(key),
      icon: themeIcons[key],
      checked: theme === key,
      onSelect: () => chooseTheme(key),
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
  return <MenuPanel {...look} side="top" entries={entries} />;
}
