/** What a finding can be. Apart from the contracts, whose schemas a page need not load. */
export const findingStates = ["open", "acknowledged", "muted", "resolved"] as const;
export type FindingStateName = (typeof findingStates)[number];
