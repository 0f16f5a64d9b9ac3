import type { AuditDetails } from "#common/contracts/audit.ts";
import type { ChannelDraft } from "#common/contracts/channel.ts";

/** What a channel tells, in a line of the audit log. Never its address. */
export function channelDetails(draft: ChannelDraft): AuditDetails {
  const { enabled, clusters, runbooks, checks, minimum, transitions, quiet } = draft;
  return {
    ...{ enabled, clusters: clusters ?? "all", runbooks, checks, minimum, transitions },
    quiet: quiet
      ? `${quiet.from}–${quiet.to} ${quiet.timeZone}${quiet.failBreaksThrough ? ", not what fails" : ""}`
      : null,
  };
}
