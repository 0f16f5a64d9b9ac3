-- A run over many clusters is a part per cluster, over many hosts a part per hundred hosts; each is a job of its own.
CREATE TABLE "run_part" (
    "runId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "teamId" UUID NOT NULL,
    "clusterId" UUID NOT NULL,
    "hosts" JSONB,
    "status" "run_status" NOT NULL DEFAULT 'queued',
    "verdict" "verdict",
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "cost" JSONB NOT NULL DEFAULT '{}',
    "error" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "heartbeatAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "run_part_pkey" PRIMARY KEY ("runId","ordinal")
) PARTITION BY RANGE ("runId");
CREATE INDEX "run_part_teamId_clusterId_runId_idx" ON "run_part"("teamId", "clusterId", "runId" DESC);
CREATE INDEX "run_part_status_teamId_idx" ON "run_part"("status", "teamId");

-- The same months as the runs have.
DO $$
DECLARE
  month record;
BEGIN
  FOR month IN
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'run'::regclass
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF run_part %s', replace(month.name, 'run_', 'run_part_'), month.bound);
  END LOOP;
END
$$;

INSERT INTO "run_part" ("runId", "ordinal", "teamId", "clusterId", "status", "verdict", "attempt", "cost", "error",
    "createdAt", "startedAt", "heartbeatAt", "endedAt")
  SELECT "id", 0, "teamId", "clusterId", "status", "verdict", "attempt", "cost", "error",
    "createdAt", "startedAt", "heartbeatAt", "endedAt" FROM "run";

ALTER TABLE "run" ADD COLUMN "clusterIds" UUID[] NOT NULL DEFAULT ARRAY[]::UUID[];
UPDATE "run" SET "clusterIds" = ARRAY["clusterId"];
ALTER TABLE "run" ALTER COLUMN "clusterIds" DROP DEFAULT;
DROP INDEX "run_teamId_clusterId_id_idx";
ALTER TABLE "run" DROP COLUMN "clusterId", DROP COLUMN "attempt", DROP COLUMN "heartbeatAt";
CREATE INDEX "run_status_teamId_idx" ON "run"("status", "teamId");

ALTER TABLE "result" ADD COLUMN "part" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "result_runId_checkId_target_key";
CREATE UNIQUE INDEX "result_runId_clusterId_checkId_target_key" ON "result"("runId", "clusterId", "checkId", "target");
CREATE INDEX "result_runId_part_ordinal_idx" ON "result"("runId", "part", "ordinal");
CREATE INDEX "result_runId_seq_idx" ON "result"("runId", "seq");

CREATE TABLE "target_breaker" (
    "clusterId" UUID NOT NULL,
    "target" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "reason" JSONB NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 1,
    "foundAt" TIMESTAMPTZ(3) NOT NULL,
    "openUntil" TIMESTAMPTZ(3) NOT NULL,
    "probeUntil" TIMESTAMPTZ(3),

    CONSTRAINT "target_breaker_pkey" PRIMARY KEY ("clusterId","target")
);
CREATE TABLE "request_budget" (
    "connectionId" UUID NOT NULL,
    "bookedUntil" TIMESTAMPTZ(6) NOT NULL,
    "pausedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "request_budget_pkey" PRIMARY KEY ("connectionId")
);

CREATE OR REPLACE FUNCTION weekbook_ensure_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql AS $$
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
    FOREACH parent IN ARRAY ARRAY['run', 'run_part', 'result', 'finding', 'measurement', 'facts'] LOOP
      partition := parent || '_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
      IF to_regclass(quote_ident(partition)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          partition, parent, weekbook_first_uuid_at(month_start), weekbook_first_uuid_at(month_end));
      END IF;
    END LOOP;
  END LOOP;
END
$$;
