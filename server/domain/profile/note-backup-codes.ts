import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { me } from "./me.ts";

/** Somebody made codes that open the account without its app: that is worth a line, the codes are not. */
export async function noteBackupCodes({ ctx }: { ctx: DomainContext }): Promise<void> {
  const { userId, email } = me(ctx);
  await ctx.db.$transaction((tx) =>
    recordAudit(
      tx,
      { actor: ctx.actor },
      { action: "account.backupCodesMade", subject: { kind: "account", id: userId, name: email } },
    ),
  );
}
