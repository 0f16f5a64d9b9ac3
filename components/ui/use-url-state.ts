"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { changeUrl, settleUrl, type UrlManner, urlChanges } from "./url-changes.ts";
import type { UrlPart } from "./url-parts.ts";

type Parts = { readonly [name: string]: UrlPart<unknown> };
type Values<P extends Parts> = { [Name in keyof P]: P[Name]["fallback"] };
type Change<P extends Parts> = { [Name in keyof P]?: P[Name]["fallback"] | null };
type Manner<P extends Parts> = Omit<UrlManner, "server"> & {
  /** the name in the address, where it is another one */
  keys?: { readonly [Name in keyof P]?: string };
  /** the server's part of the page depends on it */
  server?: boolean;
};

/** Values that live in the address. null, or what is the fallback anyway, takes a value out of it; null alone, all. */
export function useUrlState<P extends Parts>(
  parts: P,
  { keys, server, ...manner }: Manner<P> = {},
): [Values<P>, (change: Change<P> | null) => void] {
  const search = useSearchParams();
  const router = useRouter();
  const changes = useSyncExternalStore(urlChanges.subscribe, urlChanges.read, urlChanges.readOnServer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs because the address has changed
  useEffect(settleUrl, [search]);

  const keyOf = (name: string) => keys?.[name] ?? name;
  const entryOf = ([name, part]: [string, UrlPart<unknown>]) => {
    const key = keyOf(name);
    const text = changes.get(key) ?? (changes.has(key) ? null : search.get(key));
    return [name, (text === null ? undefined : part.read(text)) ?? part.fallback];
  };
  const values = Object.fromEntries(Object.entries(parts).map(entryOf)) as Values<P>;
  const choose = (change: Change<P> | null) => {
    const asked = Object.entries(parts).filter(([name]) => change === null || Object.hasOwn(change, name));
    const texts = asked.map(([name, part]) => [keyOf(name), textOf(part, change?.[name])] as const);
    changeUrl(new Map(texts), { ...manner, server: server ? router : undefined });
  };
  return [values, choose];
}

function textOf(part: UrlPart<unknown>, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = part.write(value);
  const isFallback = part.fallback !== null && text === part.write(part.fallback as NonNullable<unknown>);
  return isFallback ? null : text;
}
