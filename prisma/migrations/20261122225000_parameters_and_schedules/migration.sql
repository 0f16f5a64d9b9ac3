-- CreateEnum
CREATE TYPE "missed_rule" AS ENUM ('run_once', 'skip');

-- CreateTable
CREATE TABLE "check_params" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "checkId" TEXT NOT NULL,
    "clusterId" UUID,
    "params" JSONB NOT NULL,
    "updatedBy" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "check_params_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "jitterSeconds" INTEGER NOT NULL DEFAULT 0,
    "runbook" TEXT,
    "checks" JSONB NOT NULL DEFAULT '[]',
    "clusterIds" UUID[],
    "missedRule" "missed_rule" NOT NULL DEFAULT 'run_once',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabledReason" TEXT,
    "occurrenceAt" TIMESTAMPTZ(3),
    "nextAt" TIMESTAMPTZ(3),
    "lastAt" TIMESTAMPTZ(3),
    "lastRunId" UUID,
    "lastOutcome" JSONB,
    "createdById" TEXT,
    "createdByName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "check_params_teamId_clusterId_idx" ON "check_params"("teamId", "clusterId");

-- One for the team and one for each cluster: a cluster that is null is not told apart by a plain unique index.
CREATE UNIQUE INDEX "check_params_of_team" ON "check_params"("teamId", "checkId") WHERE "clusterId" IS NULL;
CREATE UNIQUE INDEX "check_params_of_cluster" ON "check_params"("clusterId", "checkId") WHERE "clusterId" IS NOT NULL;

-- CreateIndex
CREATE INDEX "schedule_teamId_idx" ON "schedule"("teamId");

-- CreateIndex
CREATE INDEX "schedule_nextAt_idx" ON "schedule"("nextAt");

-- AlterTable
ALTER TABLE "run" ADD COLUMN "scheduleId" UUID;

-- AddForeignKey
ALTER TABLE "check_params" ADD CONSTRAINT "check_params_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_params" ADD CONSTRAINT "check_params_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
