import { z } from "zod";
import type { Locale } from "#common/text.ts";
import { UsageError } from "../sentence-errors.ts";
import type { Terminal } from "../terminal.ts";
import { loadWords } from "../words.ts";
import { openApi } from "./api.ts";
import { readId } from "./report.ts";
import { requireServer } from "./server.ts";

export type FindingChange = "acknowledge" | "mute" | "unmute" | "reopen";
export type ChangeOptions = { locale: Locale; insecureHttp?: boolean };
type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv };

/** `weekbook findings ack|mute|unmute|reopen`: one after the other; the first that is refused ends it. */
export async function changeFindings(
  change: { to: FindingChange; body?: Record<string, string>; ids: readonly string[] },
  { locale, insecureHttp }: ChangeOptions,
  { terminal, project, env }: Surroundings,
): Promise<void> {
  const ids = change.ids.map((text) => readId(text, "finding"));
  const api = openApi(await requireServer(env, { insecureHttp }));
  const cli = await loadWords(project, locale, "cli");
  for (const id of ids) {
    const ask = { method: "POST", body: change.body } as const;
    const { changed } = await api.json(
      `/findings/${id}/${change.to}`,
      z.object({ changed: z.number() }),
      ask,
    );
    terminal.err.write(`${cli(changed > 0 ? `findingDone.${change.to}` : "findingSame", { id })}\n`);
  }
}

const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** When a mute ends: "12h", "7d", "2w" from now, a day, or a moment with its zone. ISO 8601, in UTC. */
export function readUntil(text: string, now: Date): string {
  const [, count, unit = "d"] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return new Date(now.getTime() + Number(count) * unitMs[unit as keyof typeof unitMs]).toISOString();
  }
  const isMoment = z.iso
    .date()
    .or(z.iso.datetime({ offset: true }))
    .safeParse(text).success;
  if (isMoment) return new Date(text).toISOString();
  throw new UsageError(`--until ${text}: write it as 12h, 7d, 2w, 2026-12-24 or 2026-12-24T18:00:00+08:00.`);
}
