import { isAPIError } from "better-auth/api";
import encodeQR from "qr";
import type { TwoFactorDraft } from "#common/contracts/account.ts";
import { checkPassword } from "#server/domain/profile/check-password.ts";
import { me } from "#server/domain/profile/me.ts";
import { noteBackupCodes } from "#server/domain/profile/note-backup-codes.ts";
import { twoFactorEnabled } from "#server/domain/profile/two-factor-enabled.ts";
import { AppError } from "#server/errors.ts";
import { mayTry } from "../sign-in/limit.ts";
import { type ApiContext, domainContext } from "./context.ts";

/** Makes the secret of a second factor, which counts from the first right code on. */
export async function beginTwoFactor(ctx: ApiContext, password: string): Promise<TwoFactorDraft> {
  await checkPassword(domainContext(ctx), password);
  const made = await ctx.services.auth.api
    .enableTwoFactor({ body: { password }, headers: ctx.headers })
    .catch((error: unknown) => {
      throw isAPIError(error) ? new AppError("conflict", "two-factor-enabled", { cause: error }) : error;
    });
  if (made.method !== "totp") throw new Error("a second factor of an unknown kind");
  const { totpURI, backupCodes } = made;
  return { qr: qrOf(totpURI), secret: new URL(totpURI).searchParams.get("secret") ?? "", backupCodes };
}

/** The first right code. The session goes on as one that a code was asked for; weaker ones end. */
export async function confirmTwoFactor(ctx: ApiContext, code: string): Promise<void> {
  const { userId } = me(ctx);
  if (!(await mayTry(ctx.services.db, `code of ${userId}`, ctx.services.now()))) {
    throw new AppError("too-many", "too-many-tries");
  }
  const { headers } = await ctx.services.auth.api
    .verifyTOTP({ body: { code }, headers: ctx.headers, returnHeaders: true })
    .catch((error: unknown) => {
      if (!isAPIError(error)) throw error;
      throw new AppError("invalid", "invalid", { fields: { code: "field-code-wrong" }, cause: error });
    });
  for (const cookie of headers.getSetCookie()) ctx.responseHeaders?.append("set-cookie", cookie);
  await twoFactorEnabled({ ctx: domainContext(ctx) });
}

/** Ten new codes for the day the app is lost; the old ones are over. */
export async function newBackupCodes(ctx: ApiContext, password: string): Promise<{ backupCodes: string[] }> {
  await checkPassword(domainContext(ctx), password);
  const { backupCodes } = await ctx.services.auth.api
    .generateBackupCodes({ body: { password }, headers: ctx.headers })
    .catch((error: unknown) => {
      throw isAPIError(error) ? new AppError("conflict", "two-factor-missing", { cause: error }) : error;
    });
  await noteBackupCodes({ ctx: domainContext(ctx) });
  return { backupCodes };
}

/** One path for all dark modules: each run of a row is a rectangle of height one. */
function qrOf(text: string): TwoFactorDraft["qr"] {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const path = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      const width = (end < 0 ? row.length : end) - x;
      return [`M${x} ${y}h${width}v1h-${width}z`];
    }),
  );
  return { size: rows.length, path: path.join("") };
}
