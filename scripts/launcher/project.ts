import { join } from "node:path";

/** The folder of the project, wherever the command was typed. */
export const project = join(import.meta.dirname, "../..");
