import type { NewSavedView } from "#common/contracts/history.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { ownerOf, refuseSharing } from "./find.ts";

const MOST_OF_A_PERSON = 50;

/** Keeps filters under a name; the same name of the same person is written over. */
export async function saveView({
  ctx,
  input: { name, shared, query },
}: {
  ctx: TeamContext;
  input: NewSavedView;
}): Promise<{ viewId: string }> {
  refuseSharing(ctx, shared);
  const mine = { teamId: ctx.team.id, ownerId: ownerOf(ctx) };
  return ctx.db.$transaction(async (tx) => {
    const noteAs = (action: "view.saved" | "view.changed", id: string) =>
      recordAudit(tx, ctx, { action, subject: { kind: "view", id, name }, details: { shared, query } });
    const same = await tx.savedView.findFirst({ where: { ...mine, name } });
    if (same) {
      await tx.savedView.update({ where: { id: same.id }, data: { shared, query } });
      await noteAs("view.changed", same.id);
      return { viewId: same.id };
    }
    if ((await tx.savedView.count({ where: mine })) >= MOST_OF_A_PERSON) {
      throw new AppError("too-many", "view-too-many", { values: { most: MOST_OF_A_PERSON } });
    }
    const { id } = await tx.savedView.create({ data: { ...mine, name, shared, query } });
    await noteAs("view.saved", id);
    return { viewId: id };
  });
}
