/** What a check that a team writes may ask; apart from its contract, so that pages need not load that. */
export const checkSourceNames = ["kubernetes", "host", "nagios", "http"] as const;
