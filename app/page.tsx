import { worstVerdict } from "#common/verdict.ts";
import { openDatabase } from "#server/db.ts";
export const dynamic = "force-dynamic";
export default async function Page() {
  const { db, close } = openDatabase({ url: process.env.DATABASE_URL!, onPoolError: () => {} });
  const n = await db.team.count();
  await close();
  return (
    <p>
      {worstVerdict(["warn"])} {n}
    </p>
  );
}
