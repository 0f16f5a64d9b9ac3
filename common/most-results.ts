/** Of a run with more results than this only sums are sent; the results themselves are paged. */
export const mostResultsAtOnce = 200;
