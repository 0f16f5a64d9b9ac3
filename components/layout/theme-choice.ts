"use client";
import { useSyncExternalStore } from "react";
import { themeKey } from "./theme-key.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

function subscribe(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}

function read(): Theme {
  const stored = localStorage.getItem(themeKey);
  return themes.find((one) => one === stored) ?? "system";
}

/** The browser alone knows the theme: until it has the page, it is the system's. */
export function useThemeChoice(): Theme {
  return useSyncExternalStore(subscribe, read, () => "system");
}

/** The script in the page's head hears of it as it hears of a change in another tab. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme);
  window.dispatchEvent(new StorageEvent("storage", { key: themeKey }));
}
