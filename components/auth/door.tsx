import type { ReactNode } from "react";
import { Brand } from "#components/layout/brand.tsx";
import { LanguageLinks } from "./language-links.tsx";

/** The page outside: one narrow column, nothing to look at but the form. */
export function Door({
  title,
  intro,
  children,
}: {
  title: ReactNode;
  intro?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-[23rem] flex-col px-5 pt-[max(2.5rem,13vh)] pb-6">
      <header>
        <Brand size={24} />
      </header>
      <main className="mt-8 flex-1">
        <h1 className="text-title">{title}</h1>
        {intro ? <p className="mt-1.5 text-body text-soft">{intro}</p> : null}
        <div className="mt-6">{children}</div>
      </main>
      <footer className="mt-10 border-t border-line pt-3">
        <LanguageLinks />
      </footer>
    </div>
  );
}
