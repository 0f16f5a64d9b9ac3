/** A file that is made from others: its path below the project and the text it must have. */
export type Generated = { path: string; text: string };
