import { z } from "zod";

/** Length is the one rule that helps; what everybody tries first is refused where the password is set. */
export const newPasswordSchema = z.string().min(12).max(128);
/** A password that is there already: whatever it was made by. */
export const passwordSchema = z.object({ password: z.string().min(1).max(128) });

export const changePasswordSchema = z.object({
  current: z.string().min(1).max(128),
  password: newPasswordSchema,
});

/** Six digits, as the app shows them. */
export const codeSchema = z.object({ code: z.string().regex(/^\d{6}$/) });

/** What an app needs to show codes. The backup codes are shown this once. */
export const twoFactorDraftSchema = z.object({
  /** a QR code: the path of its dark modules in a square of `size` units */
  qr: z.object({ size: z.number().int(), path: z.string() }),
  secret: z.string(),
  backupCodes: z.array(z.string()),
});
export type TwoFactorDraft = z.infer<typeof twoFactorDraftSchema>;

export const backupCodesSchema = z.object({ backupCodes: z.array(z.string()) });

export const accountSecuritySchema = z.object({
  /** false: signs in by the identity provider alone */
  hasPassword: z.boolean(),
  twoFactor: z.boolean(),
  sessions: z.array(
    z.object({
      id: z.string(),
      current: z.boolean(),
      browser: z.object({ name: z.string().nullable(), system: z.string().nullable() }),
      address: z.string().nullable(),
      /** signed in by the identity provider */
      federated: z.boolean(),
      createdAt: z.date(),
      /** to within ten minutes */
      lastSeenAt: z.date(),
    }),
  ),
});
export type AccountSecurity = z.infer<typeof accountSecuritySchema>;

export const resetLinkSchema = z.object({ token: z.string().max(100) });
export const resetPasswordSchema = resetLinkSchema.extend({ password: newPasswordSchema });
/** Whose password it is. */
export const resetViewSchema = z.object({ name: z.string(), email: z.string() });
