"use client";

export type Toast = { id: number; message: string; tone: "done" | "problem" };

type Listener = () => void;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<Listener>();
const nothing: readonly Toast[] = [];

function set(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in a corner what has been done. Problems belong beside their cause; here only when that is gone. */
export function toast(message: string, tone: Toast["tone"] = "done") {
  set([...toasts.slice(-2), { id: nextId++, message, tone }]);
}

export function dismissToast(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

export const toastStore = {
  subscribe(listener: Listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  read: () => toasts,
  readOnServer: () => nothing,
};
