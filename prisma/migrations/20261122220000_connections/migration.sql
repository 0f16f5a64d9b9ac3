ALTER TYPE "connection_kind" ADD VALUE 'ssh';
ALTER TYPE "connection_kind" ADD VALUE 'tls';
ALTER TYPE "connection_kind" ADD VALUE 'http';
ALTER TYPE "connection_kind" ADD VALUE 'dns';
ALTER TYPE "connection_kind" ADD VALUE 'registry';
ALTER TYPE "connection_kind" ADD VALUE 'mysql';
ALTER TYPE "connection_kind" ADD VALUE 'prometheus';
ALTER TYPE "connection_kind" ADD VALUE 'kafka';

ALTER TABLE "connection" ADD COLUMN "name" TEXT NOT NULL DEFAULT '';
DROP INDEX "connection_clusterId_kind_key";
CREATE UNIQUE INDEX "connection_clusterId_kind_name_key" ON "connection" ("clusterId", "kind", "name");
