"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useState } from "react";
import { ClusterMark, clusterEdge } from "#components/clusters/cluster-mark.tsx";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { IconButton } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { MenuIcon, SearchIcon } from "#components/ui/icons.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Sidebar } from "./sidebar.tsx";

const Palette = lazy(() => import("./palette.tsx"));

export function TopBar() {
  const t = useTranslations("layout");
  const { cluster } = useChosenCluster();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  useShortcut(() => setPalette(true));
  return (
    <header
      className={clsx(
        "sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-bg px-3 md:h-11 md:px-8",
        clusterEdge(cluster),
      )}
    >
      <IconButton
        label={t("openNavigation")}
        icon={<MenuIcon />}
        className="size-10 md:hidden"
        aria-haspopup="dialog"
        aria-expanded={drawer}
        onClick={() => setDrawer(true)}
      />
      <p className="flex min-w-0 flex-1 items-center gap-2 font-medium md:hidden">
        <span className="truncate">{cluster?.name ?? t("noClusters")}</span>
        {cluster ? <ClusterMark cluster={cluster} /> : null}
      </p>
      <button
        type="button"
        onClick={() => setPalette(true)}
        aria-haspopup="dialog"
        className="flex h-8 items-center gap-2 rounded-control px-2 text-faint hover:bg-hover hover:text-ink max-md:size-10 max-md:justify-center md:-ml-2 md:w-72"
      >
        <SearchIcon />
        <span className="max-md:sr-only">{t("paletteHint")}</span>
        <span className="ml-auto hidden gap-1 md:flex" aria-hidden="true">
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <Dialog open={drawer} onOpenChange={setDrawer} title={t("navigation")} place="side" bare>
        <div className="h-full bg-sunken">
          <Sidebar onNavigate={() => setDrawer(false)} />
        </div>
      </Dialog>
      <Suspense>{palette ? <Palette onClose={() => setPalette(false)} /> : null}</Suspense>
    </header>
  );
}

/** Outside system: the keyboard. Ctrl-K or ⌘K from anywhere. */
function useShortcut(open: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      open();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
