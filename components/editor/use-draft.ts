"use client";
import { useCallback, useEffect, useState } from "react";

type Draft = { text: string; baseNumber: number };

/**
 * The text as it is being written, kept in this browser until it is saved: a closed tab or a lost connection costs
 * nothing. `baseNumber` is the version it was made from; 0 for a new runbook.
 */
export function useDraft(key: string, saved: Draft) {
  const [draft, setDraft] = useState(saved);
  const [restored, setRestored] = useState(false);

  // The browser's storage is not there while the page is made on the server.
  useEffect(() => {
    const held = readDraft(key);
    if (!held || held.text === saved.text) return;
    setDraft(held);
    setRestored(true);
  }, [key, saved.text]);

  const write = useCallback(
    (next: Draft) => {
      setDraft(next);
      storeDraft(key, next);
    },
    [key],
  );
  const forget = useCallback(
    (next: Draft) => {
      setDraft(next);
      setRestored(false);
      storeDraft(key, null);
    },
    [key],
  );
  return { draft, write, forget, restored };
}

function readDraft(key: string): Draft | undefined {
  try {
    const held = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Draft> | null;
    if (typeof held?.text !== "string" || typeof held.baseNumber !== "number") return undefined;
    return { text: held.text, baseNumber: held.baseNumber };
  } catch {
    return undefined;
  }
}

/** A browser that keeps nothing, such as in a private window, still edits. */
function storeDraft(key: string, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch {
    // nothing can be kept here
  }
}
