import { createHash } from "node:crypto";

type Measured = {
  clusterId: string;
  checkId: string;
  target: string;
  name: string;
  unit: string;
  subject: string | null;
};

/** The same number of the same subject has the same series in every run. SQL of a migration computes it likewise. */
export function seriesId({ clusterId, checkId, target, name, unit, subject }: Measured): string {
  const hex = createHash("md5")
    .update([clusterId, checkId, target, name, unit, subject ?? ""].join("\u001f"))
    .digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
