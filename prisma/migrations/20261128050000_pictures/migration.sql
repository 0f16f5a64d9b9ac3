-- What judges drew of what they read.
CREATE TABLE "picture" (
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "picture_pkey" PRIMARY KEY ("runId","resultId","ordinal")
) PARTITION BY RANGE ("runId");

-- The same months as the runs have.
DO $$
DECLARE
  month record;
BEGIN
  FOR month IN
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'run'::regclass
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF picture %s', replace(month.name, 'run_', 'picture_'), month.bound);
  END LOOP;
END
$$;

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
    FOREACH parent IN ARRAY ARRAY['run', 'run_part', 'result', 'finding', 'measurement', 'picture', 'facts'] LOOP
      partition := parent || '_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
      IF to_regclass(quote_ident(partition)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          partition, parent, weekbook_first_uuid_at(month_start), weekbook_first_uuid_at(month_end));
      END IF;
    END LOOP;
  END LOOP;
END
$$;
