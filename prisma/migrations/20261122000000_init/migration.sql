-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "connection_kind" AS ENUM ('kubernetes', 'local_host');

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('queued', 'running', 'done', 'cancelled', 'failed');

-- CreateEnum
CREATE TYPE "phase" AS ENUM ('waiting', 'reading', 'judging', 'done');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('pass', 'warn', 'fail', 'unknown', 'skip');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'operator', 'viewer');

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "locale" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "password" TEXT,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "practice" BOOLEAN NOT NULL DEFAULT false,
    "managed" BOOLEAN NOT NULL DEFAULT false,
    "production" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "kind" "connection_kind" NOT NULL,
    "address" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "lastTest" JSONB,
    "lastTestAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "connectionId" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "sealedKey" BYTEA NOT NULL,
    "workerKeyId" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("connectionId")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "runbook" TEXT,
    "requestedById" TEXT,
    "requestedBy" TEXT NOT NULL,
    "status" "run_status" NOT NULL DEFAULT 'queued',
    "verdict" "verdict",
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "selection" JSONB NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "cost" JSONB NOT NULL DEFAULT '{}',
    "error" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "heartbeatAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "cancelRequestedAt" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "run_request" (
    "teamId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_request_pkey" PRIMARY KEY ("teamId","key")
);

-- CreateTable
CREATE TABLE "result" (
    "runId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "checkId" TEXT NOT NULL,
    "checkVersion" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "targetName" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "phase" "phase" NOT NULL DEFAULT 'waiting',
    "verdict" "verdict",
    "reason" JSONB,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "coverage" JSONB NOT NULL DEFAULT '[]',
    "cost" JSONB NOT NULL DEFAULT '{}',
    "progress" JSONB,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "result_pkey" PRIMARY KEY ("runId","id")
) PARTITION BY RANGE ("runId");

-- CreateTable
CREATE TABLE "finding" (
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "verdict" "verdict" NOT NULL,
    "code" TEXT NOT NULL,
    "subject" JSONB NOT NULL,
    "affected" JSONB,
    "message" JSONB NOT NULL,
    "observed" TEXT,
    "expected" TEXT,
    "evidence" JSONB NOT NULL DEFAULT '[]',
    "remedy" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "finding_pkey" PRIMARY KEY ("runId","resultId","ordinal")
) PARTITION BY RANGE ("runId");

-- CreateTable
CREATE TABLE "measurement" (
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT,
    "value" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,

    CONSTRAINT "measurement_pkey" PRIMARY KEY ("runId","resultId","ordinal")
) PARTITION BY RANGE ("runId");

-- CreateTable
CREATE TABLE "facts" (
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "data" BYTEA NOT NULL,
    "byteLength" INTEGER NOT NULL,

    CONSTRAINT "facts_pkey" PRIMARY KEY ("runId","resultId")
) PARTITION BY RANGE ("runId");

-- CreateTable
CREATE TABLE "check_state" (
    "clusterId" UUID NOT NULL,
    "checkId" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "verdict" "verdict" NOT NULL,
    "previousVerdict" "verdict",
    "changedAt" TIMESTAMPTZ(3) NOT NULL,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,
    "checkedBy" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "check_state_pkey" PRIMARY KEY ("clusterId","checkId","target")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "teamId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("teamId","userId")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "email" TEXT,
    "createdById" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "account_providerId_accountId_key" ON "account"("providerId", "accountId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "rate_limit_key_key" ON "rate_limit"("key");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_teamId_slug_key" ON "cluster"("teamId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "connection_clusterId_kind_key" ON "connection"("clusterId", "kind");

-- CreateIndex
CREATE INDEX "run_teamId_id_idx" ON "run"("teamId", "id" DESC);

-- CreateIndex
CREATE INDEX "run_teamId_clusterId_id_idx" ON "run"("teamId", "clusterId", "id" DESC);

-- CreateIndex
CREATE INDEX "run_teamId_runbook_id_idx" ON "run"("teamId", "runbook", "id" DESC);

-- CreateIndex
CREATE INDEX "result_teamId_clusterId_checkId_runId_idx" ON "result"("teamId", "clusterId", "checkId", "runId" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "result_runId_checkId_target_key" ON "result"("runId", "checkId", "target");

-- CreateIndex
CREATE INDEX "finding_runId_fingerprint_idx" ON "finding"("runId", "fingerprint");

-- CreateIndex
CREATE INDEX "check_state_teamId_changedAt_idx" ON "check_state"("teamId", "changedAt" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");

-- CreateIndex
CREATE INDEX "membership_userId_idx" ON "membership"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_tokenHash_key" ON "invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "invitation_teamId_idx" ON "invitation"("teamId");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster" ADD CONSTRAINT "cluster_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Month partitions: a UUIDv7 begins with its Unix time in milliseconds, so a range of ids is a range of time.
CREATE FUNCTION weekbook_first_uuid_at(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Creates what is missing of the partitions from last month to `months_ahead` months from now (UTC). Idempotent.
CREATE FUNCTION weekbook_ensure_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  month_start timestamptz;
  month_end timestamptz;
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  FOR offset_months IN -1..months_ahead LOOP
    month_start := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => offset_months)) AT TIME ZONE 'UTC';
    month_end := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => offset_months + 1)) AT TIME ZONE 'UTC';
    FOREACH parent IN ARRAY ARRAY['run', 'result', 'finding', 'measurement', 'facts'] LOOP
      partition := parent || '_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
      IF to_regclass(quote_ident(partition)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          partition, parent, weekbook_first_uuid_at(month_start), weekbook_first_uuid_at(month_end));
      END IF;
    END LOOP;
  END LOOP;
END
$$;

SELECT weekbook_ensure_partitions(2);
