/** For frames that scroll: the keyboard must reach what it is to scroll. */
export const reachable = { tabIndex: 0 } as const;
