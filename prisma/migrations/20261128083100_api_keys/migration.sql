-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "revokedBy" TEXT,
    "windowStart" TIMESTAMPTZ(3),
    "requests" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_key_expires" CHECK ("expiresAt" <= "createdAt" + INTERVAL '366 days')
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secretHash_key" ON "api_key"("secretHash");

-- CreateIndex
CREATE INDEX "api_key_teamId_userId_idx" ON "api_key"("teamId", "userId");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_teamId_userId_fkey" FOREIGN KEY ("teamId", "userId") REFERENCES "membership"("teamId", "userId") ON DELETE CASCADE ON UPDATE CASCADE;
