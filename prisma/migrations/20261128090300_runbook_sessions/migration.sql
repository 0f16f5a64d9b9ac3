-- CreateTable
CREATE TABLE "runbook_session" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "runbook" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "clusterId" UUID NOT NULL,
    "article" JSONB NOT NULL,
    "steps" JSONB NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "startedById" TEXT,
    "startedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closedAt" TIMESTAMPTZ(3),
    "closedBy" TEXT,
    "found" TEXT NOT NULL DEFAULT '',
    "openPoints" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "runbook_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_tick" (
    "sessionId" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_tick_pkey" PRIMARY KEY ("sessionId","step")
);

-- CreateTable
CREATE TABLE "session_note" (
    "id" UUID NOT NULL,
    "sessionId" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_run" (
    "sessionId" UUID NOT NULL,
    "runId" UUID NOT NULL,

    CONSTRAINT "session_run_pkey" PRIMARY KEY ("sessionId","runId")
);

-- CreateTable
CREATE TABLE "session_presence" (
    "sessionId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_presence_pkey" PRIMARY KEY ("sessionId","userId")
);

-- CreateIndex
CREATE INDEX "runbook_session_teamId_closedAt_id_idx" ON "runbook_session"("teamId", "closedAt", "id");

-- CreateIndex
CREATE INDEX "session_note_sessionId_id_idx" ON "session_note"("sessionId", "id");

-- AddForeignKey
ALTER TABLE "runbook_session" ADD CONSTRAINT "runbook_session_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runbook_session" ADD CONSTRAINT "runbook_session_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_tick" ADD CONSTRAINT "session_tick_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "runbook_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_note" ADD CONSTRAINT "session_note_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "runbook_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_run" ADD CONSTRAINT "session_run_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "runbook_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_presence" ADD CONSTRAINT "session_presence_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "runbook_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
