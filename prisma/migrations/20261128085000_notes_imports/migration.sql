CREATE TABLE "notes_import" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdById" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undoneBy" TEXT,
    "undoneAt" TIMESTAMPTZ(3),

    CONSTRAINT "notes_import_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "notes_import_teamId_id_idx" ON "notes_import"("teamId", "id" DESC);
ALTER TABLE "notes_import" ADD CONSTRAINT "notes_import_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "team_runbook" ADD COLUMN "draft" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "team_runbook" ADD COLUMN "importId" UUID;
CREATE INDEX "team_runbook_importId_idx" ON "team_runbook"("importId");
ALTER TABLE "team_runbook" ADD CONSTRAINT "team_runbook_importId_fkey" FOREIGN KEY ("importId") REFERENCES "notes_import"("id") ON DELETE SET NULL ON UPDATE CASCADE;
