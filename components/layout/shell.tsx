"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { clusterEdge } from "#components/clusters/cluster-mark.tsx";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";

/** The frame of every page of a team: skip link, sidebar, top bar, the page. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations("layout");
  const { cluster } = useChosenCluster();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <aside className="sticky top-0 hidden h-dvh overflow-y-auto border-r border-line bg-sunken md:block">
        <Sidebar />
      </aside>
      <div className={clsx("flex min-w-0 flex-col", clusterEdge(cluster))}>
        <TopBar />
        <main
          id="main"
          tabIndex={-1}
          className="w-full max-w-[84rem] flex-1 px-4 pt-5 pb-16 outline-none md:px-8"
        >
          {children}
        </main>
      </div>
    </div>
  );
}
