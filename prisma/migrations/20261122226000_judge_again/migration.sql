-- A run that judges the facts of another again, and where each of its results has its facts from.
ALTER TABLE "run" ADD COLUMN "judgedFromId" UUID;
ALTER TABLE "result" ADD COLUMN "factsRunId" UUID, ADD COLUMN "factsResultId" UUID, ADD COLUMN "observedAt" TIMESTAMPTZ(3);

-- One number of one subject through time is a series. `bounds` holds where it begins to warn or fail.
ALTER TABLE "measurement" ADD COLUMN "series" UUID, ADD COLUMN "bounds" JSONB;
UPDATE "measurement" SET "series" = md5(concat_ws(E'\x1f', r."clusterId", r."checkId", r."target", "measurement"."name", "measurement"."unit", coalesce("measurement"."subject", '')))::uuid
  FROM "result" r WHERE r."runId" = "measurement"."runId" AND r."id" = "measurement"."resultId";
CREATE INDEX "measurement_series_runId_idx" ON "measurement" ("series", "runId") INCLUDE ("value");

-- The moment a UUIDv7 was made, in ms: the other way round than weekbook_first_uuid_at.
CREATE FUNCTION weekbook_uuid_ms(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || substr(id::text, 1, 8) || substr(id::text, 10, 4))::bit(48)::bigint
$$;
