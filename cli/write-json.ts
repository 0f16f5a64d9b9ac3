import type { Terminal } from "./terminal.ts";

export function writeJson(value: unknown, terminal: Terminal): void {
  terminal.out.write(`${JSON.stringify(value, null, 2)}\n`);
}
