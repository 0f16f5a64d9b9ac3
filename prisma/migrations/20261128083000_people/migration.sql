-- What a member is on one cluster, where that differs from the role in the team.
CREATE TABLE "cluster_role" (
    "teamId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "clusterId" UUID NOT NULL,
    "role" "role" NOT NULL,

    CONSTRAINT "cluster_role_pkey" PRIMARY KEY ("teamId","userId","clusterId"),
    CONSTRAINT "cluster_role_teamId_userId_fkey" FOREIGN KEY ("teamId","userId") REFERENCES "membership"("teamId","userId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "cluster_role_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "cluster_role_clusterId_idx" ON "cluster_role"("clusterId");

-- A second factor, and teams that ask for one.
ALTER TABLE "team" ADD COLUMN "requireTwoFactor" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "user" ADD COLUMN "twoFactorEnabled" BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE "two_factor" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "backupCodes" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT true,
    "failedVerificationCount" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "two_factor_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "two_factor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "two_factor_userId_key" ON "two_factor"("userId");

-- How somebody signed in, and the way back for who forgot a password.
ALTER TABLE "session" ADD COLUMN "federated" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "secondFactor" BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE "password_reset" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdById" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "password_reset_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "password_reset_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "password_reset_tokenHash_key" ON "password_reset"("tokenHash");
CREATE INDEX "password_reset_userId_idx" ON "password_reset"("userId");

-- Whatever ends a session rings for what goes on behind it: an open stream then looks and ends.
CREATE FUNCTION weekbook_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('weekbook_run', 'session ' || OLD."id");
  RETURN NULL;
END
$$;
CREATE TRIGGER "session_ended" AFTER DELETE ON "session" FOR EACH ROW EXECUTE FUNCTION weekbook_session_ended();
