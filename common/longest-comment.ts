/** In characters. Apart from the contract, whose schemas a page need not load. */
export const longestComment = 4_000;
