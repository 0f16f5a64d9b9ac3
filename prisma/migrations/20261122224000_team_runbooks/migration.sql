CREATE TABLE "team_runbook" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "createdById" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "team_runbook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runbook_version" (
    "runbookId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "teamId" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "checks" JSONB NOT NULL DEFAULT '[]',
    "authorId" TEXT,
    "author" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "runbook_version_pkey" PRIMARY KEY ("runbookId","number")
);

-- CreateTable
CREATE TABLE "check_approval" (
    "runbookId" UUID NOT NULL,
    "checkId" TEXT NOT NULL,
    "contentHash" TEXT NOT NULL,
    "teamId" UUID NOT NULL,
    "approvedById" TEXT,
    "approvedBy" TEXT NOT NULL,
    "approvedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "check_approval_pkey" PRIMARY KEY ("runbookId","checkId","contentHash")
);

CREATE UNIQUE INDEX "team_runbook_teamId_slug_key" ON "team_runbook"("teamId", "slug");
ALTER TABLE "team_runbook" ADD CONSTRAINT "team_runbook_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "runbook_version" ADD CONSTRAINT "runbook_version_runbookId_fkey" FOREIGN KEY ("runbookId") REFERENCES "team_runbook"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "check_approval" ADD CONSTRAINT "check_approval_runbookId_fkey" FOREIGN KEY ("runbookId") REFERENCES "team_runbook"("id") ON DELETE CASCADE ON UPDATE CASCADE;
