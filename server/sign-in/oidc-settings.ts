import { z } from "zod";
import { type Role, roleCovers, roles } from "#common/role.ts";

/** Who has `value` in the roles claim (`*`: everybody) joins the team with that role. */
export type RoleRule = { value: string; team: string; role: Role };

export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** what the button says: "Sign in with …" */
  name: string;
  scopes: string[];
  /** lower case; empty: any */
  domains: string[];
  rolesClaim: string;
  roles: RoleRule[];
  /** an account with the same, verified address becomes the provider's */
  linkByEmail: boolean;
  /** the provider asks for a second factor by itself */
  secondFactor: boolean;
};

const flag = z.enum(["0", "1"]).default("0");
const words = z.string().default("");

/** The part of the environment that lets people sign in by an identity provider. */
export const oidcEnvironment = {
  WEEKBOOK_OIDC_ISSUER: z
    .url()
    .refine(isSafeIssuer, "must be https, or http on this very machine")
    .optional(),
  WEEKBOOK_OIDC_CLIENT_ID: z.string().min(1).optional(),
  WEEKBOOK_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  WEEKBOOK_OIDC_NAME: z.string().trim().min(1).max(40).default("OIDC"),
  /** beside openid, profile and email */
  WEEKBOOK_OIDC_SCOPES: words,
  WEEKBOOK_OIDC_DOMAINS: words,
  WEEKBOOK_OIDC_ROLES_CLAIM: z.string().min(1).default("groups"),
  /** value=team:role, comma-separated */
  WEEKBOOK_OIDC_ROLES: words.refine((text) => readRules(text) !== null, "must be like sre=platform:operator"),
  WEEKBOOK_OIDC_LINK_BY_EMAIL: flag,
  WEEKBOOK_OIDC_SECOND_FACTOR: flag,
};

type OidcEnvironment = z.output<z.ZodObject<typeof oidcEnvironment>>;

/** Null where no provider is configured. Throws where only half of one is. */
export function oidcSettings(env: OidcEnvironment): OidcSettings | null {
  const { WEEKBOOK_OIDC_ISSUER: issuer, WEEKBOOK_OIDC_CLIENT_ID: clientId } = env;
  if (!issuer && !clientId) return null;
  if (!issuer || !clientId) {
    throw new Error("WEEKBOOK_OIDC_ISSUER and WEEKBOOK_OIDC_CLIENT_ID are set together, or not at all.");
  }
  return {
    issuer,
    clientId,
    clientSecret: env.WEEKBOOK_OIDC_CLIENT_SECRET,
    name: env.WEEKBOOK_OIDC_NAME,
    scopes: ["openid", "profile", "email", ...list(env.WEEKBOOK_OIDC_SCOPES)],
    domains: list(env.WEEKBOOK_OIDC_DOMAINS).map((domain) => domain.toLowerCase()),
    rolesClaim: env.WEEKBOOK_OIDC_ROLES_CLAIM,
    roles: readRules(env.WEEKBOOK_OIDC_ROLES) ?? [],
    linkByEmail: env.WEEKBOOK_OIDC_LINK_BY_EMAIL === "1",
    secondFactor: env.WEEKBOOK_OIDC_SECOND_FACTOR === "1",
  };
}

/** The teams that a person's claims open, each with the highest of its roles. */
export function grantsOf(settings: OidcSettings, claims: Record<string, unknown>): Map<string, Role> {
  const claim = claims[settings.rolesClaim];
  const values = [claim].flat().filter((one) => typeof one === "string");
  const grants = new Map<string, Role>();
  for (const { value, team, role } of settings.roles) {
    if (value !== "*" && !values.includes(value)) continue;
    const before = grants.get(team);
    if (!before || roleCovers(role, before)) grants.set(team, role);
  }
  return grants;
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter((one) => one !== "");
}

/** Owners are made by owners alone. Null where the text is none of rules. */
function readRules(text: string): RoleRule[] | null {
  const rules: RoleRule[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const match = /^(.+)=([a-z0-9-]+):(\w+)$/.exec(part);
    const role = roles.find((one) => one === match?.[3] && one !== "owner");
    if (!match?.[1] || !match[2] || !role) return null;
    rules.push({ value: match[1].trim(), team: match[2], role });
  }
  return rules;
}

function isSafeIssuer(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" || (protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}
