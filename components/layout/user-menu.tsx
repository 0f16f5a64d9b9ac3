"use client";
import { useTranslations } from "next-intl";
import { lazy } from "react";
import { useMe } from "#components/team/use-team.ts";
import { SelectorIcon } from "#components/ui/icons.tsx";
import { MenuButton } from "#components/ui/menu.tsx";

const load = () => import("./user-menu-panel.tsx");
const UserMenuPanel = lazy(load);

/** Who is signed in; the click opens profile, teams, appearance, language and the way out. */
export function UserMenu() {
  const t = useTranslations("layout");
  const { user } = useMe();
  if (!user) return null;
  const look = {
    label: t("userMenu", { name: user.name }),
    className: "flex h-10 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-hover",
    trigger: (
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
    ),
  };
  return (
    <MenuButton look={look} load={load}>
      <UserMenuPanel {...look} />
    </MenuButton>
  );
}
