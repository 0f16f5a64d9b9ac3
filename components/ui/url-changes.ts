/**
 * What was set and the address does not say yet. A field shows it at once; the address follows a moment later, since
 * browsers refuse to change it more than a few times a second.
 */
type Changes = ReadonlyMap<string, string | null>;
type Router = { replace: (url: string, options: { scroll: boolean }) => void };
export type UrlManner = { history?: "push" | "replace"; waitMs?: number; server?: Router | undefined };

const defaultWaitMs = 80;
const none: Changes = new Map();
let shown = none;
let unsent = none;
let unsentAt = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: Changes) {
  shown = next;
  for (const listener of listeners) listener();
}

export const urlChanges = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  read: () => shown,
  readOnServer: () => none,
};

/** `push` is a step for the back button and happens at once. With `server` the page's data is read again. */
export function changeUrl(changes: Changes, { history, waitMs, server }: UrlManner): void {
  if (unsentAt !== location.pathname) unsent = none;
  unsentAt = location.pathname;
  unsent = new Map([...unsent, ...changes]);
  show(new Map([...shown, ...changes]));
  if (history === "push") {
    clearTimeout(timer);
    send("pushState", server);
  } else timer ??= setTimeout(send, waitMs ?? defaultWaitMs, "replaceState", server);
}

/** The address has moved: it tells the truth again about all that was sent. */
export function settleUrl(): void {
  if (shown.size > unsent.size) show(unsent);
}

function send(method: "pushState" | "replaceState", server: Router | undefined): void {
  timer = undefined;
  const changes = unsent;
  unsent = none;
  // Somebody went to another page meanwhile: these were not for it.
  if (unsentAt !== location.pathname) {
    settleUrl();
    return;
  }
  const url = new URL(location.href);
  for (const [key, text] of changes) {
    if (text === null) url.searchParams.delete(key);
    else url.searchParams.set(key, text);
  }
  const query = url.searchParams.toString().replaceAll("%2C", ",");
  const address = `${url.pathname}${query && `?${query}`}${url.hash}`;
  window.history[method](null, "", address);
  server?.replace(address, { scroll: false });
}
