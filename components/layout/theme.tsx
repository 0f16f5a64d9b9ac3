"use client";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";

/** Sets the class before the first paint, so that no page flashes in the other colours. */
export function Theme({ nonce, children }: { nonce?: string; children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="weekbook-theme"
      nonce={nonce}
    >
      {children}
    </ThemeProvider>
  );
}
