CREATE TYPE "finding_status" AS ENUM ('open', 'acknowledged', 'muted', 'resolved');
CREATE TYPE "finding_event_kind" AS ENUM ('opened', 'reopened', 'resolved', 'worsened', 'eased', 'acknowledged', 'muted', 'unmuted', 'commented');

-- Every run that sees a finding again writes its row; none of those columns has an index, and room is left beside it.
CREATE TABLE "finding_state" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "checkId" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "targetName" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "verdict" "verdict" NOT NULL,
    "subject" JSONB NOT NULL,
    "message" JSONB NOT NULL,
    "words" TEXT NOT NULL,
    "state" "finding_status" NOT NULL DEFAULT 'open',
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "lastRunId" UUID NOT NULL,
    "lastResultId" UUID NOT NULL,
    "lastOrdinal" INTEGER NOT NULL,
    "askedAs" TEXT[],
    "staleSince" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),
    "ackById" TEXT,
    "ackBy" TEXT,
    "ackAt" TIMESTAMPTZ(3),
    "ackNote" TEXT,
    "muteById" TEXT,
    "muteBy" TEXT,
    "mutedAt" TIMESTAMPTZ(3),
    "muteReason" TEXT,
    "mutedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "finding_state_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "finding_state_clusterId_fingerprint_key" ON "finding_state"("clusterId", "fingerprint");
CREATE INDEX "finding_state_teamId_state_openedAt_idx" ON "finding_state"("teamId", "state", "openedAt" DESC);
CREATE INDEX "finding_state_clusterId_checkId_target_idx" ON "finding_state"("clusterId", "checkId", "target");
CREATE INDEX "finding_state_teamId_checkId_code_idx" ON "finding_state"("teamId", "checkId", "code");
-- For the mutes that run out.
CREATE INDEX "finding_state_mutedUntil_idx" ON "finding_state"("mutedUntil") WHERE "state" = 'muted';

CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "runId" UUID,
    "findingId" UUID,
    "authorId" TEXT,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "mentions" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "editedAt" TIMESTAMPTZ(3),

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "comment_of_one" CHECK (("runId" IS NULL) <> ("findingId" IS NULL))
);
CREATE INDEX "comment_teamId_createdAt_idx" ON "comment"("teamId", "createdAt" DESC);
CREATE INDEX "comment_runId_createdAt_idx" ON "comment"("runId", "createdAt");
CREATE INDEX "comment_findingId_createdAt_idx" ON "comment"("findingId", "createdAt");

CREATE TABLE "finding_event" (
    "id" BIGSERIAL NOT NULL,
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "findingId" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "kind" "finding_event_kind" NOT NULL,
    "verdict" "verdict" NOT NULL,
    "previousVerdict" "verdict",
    "muted" BOOLEAN NOT NULL DEFAULT false,
    "runId" UUID,
    "resultId" UUID,
    "actorId" TEXT,
    "actor" TEXT,
    "note" TEXT,
    "until" TIMESTAMPTZ(3),
    "commentId" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "finding_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "finding_event_teamId_at_idx" ON "finding_event"("teamId", "at" DESC);
CREATE INDEX "finding_event_findingId_at_idx" ON "finding_event"("findingId", "at");

CREATE TABLE "inbox_mark" (
    "teamId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbox_mark_pkey" PRIMARY KEY ("teamId","userId")
);

ALTER TABLE "finding_state" ADD CONSTRAINT "finding_state_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "finding_state" ADD CONSTRAINT "finding_state_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "comment" ADD CONSTRAINT "comment_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "comment" ADD CONSTRAINT "comment_findingId_fkey" FOREIGN KEY ("findingId") REFERENCES "finding_state"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "comment" ADD CONSTRAINT "comment_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "finding_event" ADD CONSTRAINT "finding_event_findingId_fkey" FOREIGN KEY ("findingId") REFERENCES "finding_state"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "finding_event" ADD CONSTRAINT "finding_event_commentId_fkey" FOREIGN KEY ("commentId") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "finding_event_commentId_idx" ON "finding_event"("commentId") WHERE "commentId" IS NOT NULL;
ALTER TABLE "inbox_mark" ADD CONSTRAINT "inbox_mark_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "inbox_mark" ADD CONSTRAINT "inbox_mark_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the newest results say is known already: it is no news when the next run sees it again.
INSERT INTO "finding_state" ("teamId", "clusterId", "fingerprint", "checkId", "target", "targetName", "code", "verdict",
    "subject", "message", "words", "firstSeenAt", "openedAt", "lastSeenAt", "lastRunId", "lastResultId", "lastOrdinal",
    "askedAs")
  SELECT DISTINCT ON (r."clusterId", f."fingerprint") r."teamId", r."clusterId", f."fingerprint", r."checkId",
    r."target", r."targetName", f."code", f."verdict", f."subject", f."message",
    lower(concat_ws(' ', f."subject" ->> 'namespace', f."subject" ->> 'name', f."subject" ->> 'part', f."code",
      f."message" ->> 'en', f."message" ->> 'zh-CN')),
    s."checkedAt", s."checkedAt", s."checkedAt", f."runId", f."resultId", f."ordinal",
    ARRAY[md5(concat_ws(' ', r."checkVersion", r."params"::text))]
  FROM "check_state" s
    JOIN "result" r ON r."runId" = s."runId" AND r."id" = s."resultId"
    JOIN "cluster" c ON c."id" = r."clusterId"
    JOIN "finding" f ON f."runId" = s."runId" AND f."resultId" = s."resultId"
  WHERE f."verdict" IN ('warn', 'fail', 'unknown') AND s."target" <> 'document'
  ORDER BY r."clusterId", f."fingerprint", array_position('{fail,unknown,warn}'::verdict[], f."verdict"), f."ordinal";
