import { acrossRouter } from "./routers/across.ts";
import { apiKeyRouter } from "./routers/api-key.ts";
import { auditRouter } from "./routers/audit.ts";
import { channelRouter } from "./routers/channel.ts";
import { checkRouter } from "./routers/check.ts";
import { clusterRouter } from "./routers/cluster.ts";
import { commentRouter } from "./routers/comment.ts";
import { disruptionRouter } from "./routers/disruption.ts";
import { endpointRouter } from "./routers/endpoint.ts";
import { findingRouter } from "./routers/finding.ts";
import { hostRouter } from "./routers/host.ts";
import { inboxRouter } from "./routers/inbox.ts";
import { invitationRouter } from "./routers/invitation.ts";
import { measurementRouter } from "./routers/measurement.ts";
import { notesRouter } from "./routers/notes.ts";
import { overviewRouter } from "./routers/overview.ts";
import { paramRouter } from "./routers/param.ts";
import { profileRouter } from "./routers/profile.ts";
import { runRouter } from "./routers/run.ts";
import { runbookRouter } from "./routers/runbook.ts";
import { runbookSessionRouter } from "./routers/runbook-session.ts";
import { savedViewRouter } from "./routers/saved-view.ts";
import { scheduleRouter } from "./routers/schedule.ts";
import { sessionRouter } from "./routers/session.ts";
import { shareRouter } from "./routers/share.ts";
import { signingKeyRouter } from "./routers/signing-key.ts";
import { teamRouter } from "./routers/team.ts";
import { teamRunbookRouter } from "./routers/team-runbook.ts";
import { createCallerFactory, router } from "./trpc.ts";

export const appRouter = router({
  session: sessionRouter,
  invitation: invitationRouter,
  team: teamRouter,
  profile: profileRouter,
  cluster: clusterRouter,
  endpoint: endpointRouter,
  host: hostRouter,
  runbook: runbookRouter,
  teamRunbook: teamRunbookRouter,
  notes: notesRouter,
  check: checkRouter,
  param: paramRouter,
  run: runRouter,
  savedView: savedViewRouter,
  across: acrossRouter,
  measurement: measurementRouter,
  disruption: disruptionRouter,
  schedule: scheduleRouter,
  apiKey: apiKeyRouter,
  channel: channelRouter,
  overview: overviewRouter,
  finding: findingRouter,
  comment: commentRouter,
  inbox: inboxRouter,
  audit: auditRouter,
  runbookSession: runbookSessionRouter,
  share: shareRouter,
  signingKey: signingKeyRouter,
});
export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
