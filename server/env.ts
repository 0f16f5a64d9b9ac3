import { z } from "zod";
import { oidcEnvironment } from "./sign-in/oidc-settings.ts";

/** Kept where the instance says nothing else: a year, and the month it is compared with. */
export const defaultKeepMonths = 13;
export const keepMonthsSchema = z.coerce.number().int().min(0).max(1_200);

/** Of an empty value nothing is made: compose files pass those on. */
const filled = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: z.string().min(1),
  /** where people reach us: decides cookie security and which Origin may POST */
  WEEKBOOK_URL: z.url().default("http://127.0.0.1:3000"),
  /** signs sessions */
  WEEKBOOK_AUTH_SECRET: z.string().min(32),
  /** base64; credentials are sealed to it. The web process has only this half. */
  WEEKBOOK_WORKER_PUBLIC_KEY: z.string().min(1),
  /** base64; worker only */
  WEEKBOOK_WORKER_PRIVATE_KEY: z.string().min(1).optional(),
  /** comma-separated CIDRs an administrator opens; loopback and private ranges are closed otherwise */
  WEEKBOOK_ALLOWED_RANGES: z.string().default(""),
  /** "1": the worker may read facts of the machine it runs on */
  WEEKBOOK_THIS_MACHINE: z.enum(["0", "1"]).default("0"),
  /** whole months of history kept before the current one; 0 keeps everything */
  WEEKBOOK_KEEP_MONTHS: keepMonthsSchema.default(defaultKeepMonths),
  /** worker only: where /metrics is answered; without a port nowhere */
  WEEKBOOK_METRICS_PORT: filled(z.coerce.number().int().min(0).max(65_535)),
  WEEKBOOK_METRICS_HOST: z.string().default("127.0.0.1"),
  /** whoever reads the metrics must send it */
  WEEKBOOK_METRICS_TOKEN: filled(z.string().min(16)),
  /** smtp:// or smtps://, with user and password where the server wants them; worker only */
  WEEKBOOK_SMTP_URL: filled(z.string()),
  /** who e-mail is from: "Weekbook <weekbook@example.com>"; worker only */
  WEEKBOOK_SMTP_FROM: filled(z.string()),
  /** "1": there is a mail server, of which the web process knows no more */
  WEEKBOOK_MAIL: z.enum(["0", "1"]).default("0"),
  ...oidcEnvironment,
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Env = z.output<typeof schema>;

/** The only reader of process.env. Throws one sentence naming every variable that is missing or wrong. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(
    `The environment is incomplete (${problems.join("; ")}). "npm start" sets all of it; docs/deploy.md lists it.`,
  );
}
