-- CreateTable
CREATE TABLE "share_link" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "withRunId" UUID,
    "subject" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "hideNames" BOOLEAN NOT NULL,
    "nameKey" BYTEA NOT NULL,
    "createdById" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "revokedBy" TEXT,
    "lastOpenedAt" TIMESTAMPTZ(3),
    "opens" INTEGER NOT NULL DEFAULT 0,
    "windowStart" TIMESTAMPTZ(3),
    "requests" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "share_link_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "share_link_expires" CHECK ("expiresAt" <= "createdAt" + INTERVAL '90 days')
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "sealed" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retiredAt" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "share_link_tokenHash_key" ON "share_link"("tokenHash");

-- CreateIndex
CREATE INDEX "share_link_teamId_id_idx" ON "share_link"("teamId", "id" DESC);

-- CreateIndex
CREATE INDEX "share_link_teamId_runId_idx" ON "share_link"("teamId", "runId");

-- CreateIndex
CREATE UNIQUE INDEX "signing_key_fingerprint_key" ON "signing_key"("fingerprint");

-- One key signs at a time.
CREATE UNIQUE INDEX "signing_key_one_signs" ON "signing_key"((true)) WHERE "retiredAt" IS NULL;

-- AddForeignKey
ALTER TABLE "share_link" ADD CONSTRAINT "share_link_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share_link" ADD CONSTRAINT "share_link_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
