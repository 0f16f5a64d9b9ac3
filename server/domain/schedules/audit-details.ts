import type { AuditDetails } from "#common/contracts/audit.ts";
import type { ScheduleDraft } from "#common/contracts/schedule.ts";

/** What a schedule does and when, in a line of the audit log. */
export function scheduleDetails(draft: ScheduleDraft): AuditDetails {
  const { cron, timeZone, enabled, runbook, checks, clusters } = draft;
  return { cron, timeZone, enabled, runbook, clusters, checks: checks.map(({ id }) => id) };
}
