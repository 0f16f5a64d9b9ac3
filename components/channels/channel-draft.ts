import type { ChannelKind, ChannelView, QuietHours, Transition } from "#common/contracts/channel.ts";
import type { Locale } from "#common/text.ts";

// Their own lists: the contract's would bring zod into the browser.
export const kinds = ["slack", "webhook", "email"] as const satisfies readonly ChannelKind[];
export const transitions = [
  ...(["opened", "reopened", "worsened", "eased", "resolved"] as const),
  ...(["not_run", "unreadable", "readable"] as const),
] as const satisfies readonly Transition[];
export const minimums = ["warn", "unknown", "fail"] as const;

/** What the form holds: what was typed, not yet what the server takes. */
export type ChannelDraft = {
  name: string;
  kind: ChannelKind;
  /** empty for a channel that is there: it keeps its address */
  address: string;
  enabled: boolean;
  locale: Locale;
  allClusters: boolean;
  clusters: string[];
  allChecks: boolean;
  runbooks: string[];
  checks: string[];
  minimum: (typeof minimums)[number];
  transitions: Transition[];
  isQuiet: boolean;
  quiet: QuietHours;
  groupWaitSeconds: string;
};

/** A channel as it is, or, for a new one, what most want: everything that is new, worse or gone. */
export function draftOf(
  channel: ChannelView | null,
  fresh: { timeZone: string; locale: Locale },
): ChannelDraft {
  const night = { days: [0, 1, 2, 3, 4, 5, 6], from: "22:00", to: "07:00", failBreaksThrough: true };
  const quiet = { ...night, timeZone: fresh.timeZone };
  if (!channel) {
    return {
      ...{ name: "", kind: "slack", address: "", enabled: true, locale: fresh.locale },
      ...{ allClusters: true, clusters: [], allChecks: true, runbooks: [], checks: [], minimum: "warn" },
      transitions: ["opened", "reopened", "worsened", "resolved", "not_run", "unreadable"],
      ...{ isQuiet: false, quiet, groupWaitSeconds: "30" },
    };
  }
  const { name, kind, enabled, locale, minimum, clusters, runbooks, checks } = channel;
  return {
    ...{ name, kind, enabled, locale, minimum, runbooks, checks, address: "" },
    ...{ allClusters: clusters === null, clusters: clusters?.map(({ slug }) => slug) ?? [] },
    ...{ allChecks: runbooks.length + checks.length === 0, transitions: channel.transitions },
    ...{ isQuiet: channel.quiet !== null, quiet: channel.quiet ?? quiet },
    groupWaitSeconds: String(channel.groupWaitSeconds),
  };
}

/** As the server takes it; what is no number is sent so that the server refuses it at its field. */
export function inputOf(draft: ChannelDraft) {
  const { name, enabled, locale, minimum } = draft;
  const seconds = Number(draft.groupWaitSeconds || "0");
  return {
    ...{ name, enabled, locale, minimum, transitions: draft.transitions },
    clusters: draft.allClusters ? null : draft.clusters,
    runbooks: draft.allChecks ? [] : draft.runbooks,
    checks: draft.allChecks ? [] : draft.checks,
    quiet: draft.isQuiet ? draft.quiet : null,
    groupWaitSeconds: Number.isInteger(seconds) ? seconds : -1,
  };
}

/** What the server cannot know: that "only these" was chosen and nothing of it. */
export function emptyChoice(draft: ChannelDraft): boolean {
  return !draft.allChecks && draft.runbooks.length + draft.checks.length === 0;
}
