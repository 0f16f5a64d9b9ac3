CREATE TYPE "channel_kind" AS ENUM ('slack', 'webhook', 'email');
CREATE TYPE "notice_kind" AS ENUM ('opened', 'reopened', 'worsened', 'eased', 'resolved', 'not_run', 'unreadable', 'readable');
CREATE TYPE "delivery_kind" AS ENUM ('changes', 'summary', 'test');
CREATE TYPE "delivery_state" AS ENUM ('waiting', 'held', 'failed', 'delivered', 'given_up', 'dropped');

CREATE TABLE "channel" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "channel_kind" NOT NULL,
    "hint" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "clusterIds" UUID[],
    "runbooks" TEXT[],
    "checks" TEXT[],
    "minimum" "verdict" NOT NULL DEFAULT 'warn',
    "transitions" "notice_kind"[],
    "quiet" JSONB,
    "groupWaitSeconds" INTEGER NOT NULL DEFAULT 30,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "channel_secret" (
    "id" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "sealedKey" BYTEA NOT NULL,
    "workerKeyId" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endsAt" TIMESTAMPTZ(3),

    CONSTRAINT "channel_secret_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "notice" (
    "id" BIGSERIAL NOT NULL,
    "teamId" UUID NOT NULL,
    "kind" "notice_kind" NOT NULL,
    "clusterId" UUID,
    "runId" UUID,
    "findingId" UUID,
    "checkId" TEXT,
    "targetName" TEXT,
    "scheduleId" UUID,
    "verdict" "verdict" NOT NULL,
    "previousVerdict" "verdict",
    "about" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "routedAt" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "kind" "delivery_kind" NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'waiting',
    "noticeIds" BIGINT[],
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "byHand" BOOLEAN NOT NULL DEFAULT false,
    "message" JSONB,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease" UUID,
    "leaseUntil" TIMESTAMPTZ(3),
    "attemptedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "channel_teamId_idx" ON "channel"("teamId");
CREATE INDEX "channel_secret_channelId_idx" ON "channel_secret"("channelId");
CREATE INDEX "delivery_teamId_channelId_id_idx" ON "delivery"("teamId", "channelId", "id" DESC);
ALTER TABLE "channel" ADD CONSTRAINT "channel_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "channel_secret" ADD CONSTRAINT "channel_secret_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "notice" ADD CONSTRAINT "notice_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "channel" ADD CONSTRAINT "channel_minimum" CHECK ("minimum" IN ('warn', 'unknown', 'fail'));
ALTER TABLE "channel_secret" ADD CONSTRAINT "channel_secret_purpose" CHECK ("purpose" IN ('address', 'signing'));
-- One that holds, and those that were replaced.
CREATE UNIQUE INDEX "channel_secret_current" ON "channel_secret"("channelId", "purpose") WHERE "endsAt" IS NULL;

CREATE INDEX "notice_pending_idx" ON "notice"("teamId", "runId") WHERE "routedAt" IS NULL;
CREATE INDEX "notice_at_idx" ON "notice"("at");
CREATE INDEX "delivery_due_idx" ON "delivery"("dueAt") WHERE "state" IN ('waiting', 'held', 'failed');
CREATE INDEX "delivery_leased_idx" ON "delivery"("channelId", "leaseUntil") WHERE "leaseUntil" IS NOT NULL;
-- What comes while a message still waits goes into it; of summaries at the end of quiet hours there is one.
CREATE UNIQUE INDEX "delivery_gathering" ON "delivery"("channelId") WHERE "state" = 'waiting' AND "attempts" = 0 AND "kind" = 'changes';
CREATE UNIQUE INDEX "delivery_summary" ON "delivery"("channelId") WHERE "state" = 'held' AND "attempts" = 0 AND "kind" = 'summary';

-- In the transaction that records the change, whoever does: both are there or neither. Not what is muted, nor what
-- somebody has acknowledged until it is over. A mute that ran out by itself leaves the finding as one that came back.
CREATE FUNCTION weekbook_note_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "notice" ("teamId", "kind", "clusterId", "runId", "findingId", "checkId", "targetName", "verdict",
      "previousVerdict", "at")
    SELECT e."teamId", (CASE WHEN e."kind" = 'unmuted' THEN 'reopened' ELSE e."kind"::text END)::"notice_kind",
      e."clusterId", e."runId", e."findingId", s."checkId", s."targetName", e."verdict", e."previousVerdict", e."at"
    FROM made e JOIN "finding_state" s ON s."id" = e."findingId"
    WHERE NOT e."muted"
      AND (e."kind" IN ('opened', 'reopened', 'resolved')
        OR (e."kind" IN ('worsened', 'eased') AND s."state" <> 'acknowledged')
        OR (e."kind" = 'unmuted' AND e."actorId" IS NULL))
      AND EXISTS (SELECT FROM "channel" c WHERE c."teamId" = e."teamId" AND c."enabled")
    ORDER BY e."id";
  IF FOUND THEN
    PERFORM pg_notify('weekbook_notice', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "finding_event_noted" AFTER INSERT ON "finding_event"
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION weekbook_note_findings();
