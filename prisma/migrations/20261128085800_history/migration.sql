-- What can be searched of a result: the words of its findings, and the ids of its check and cluster (server/domain/history/words.ts).
CREATE TABLE "result_text" (
    "runId" UUID NOT NULL,
    "resultId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "teamId" UUID NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "result_text_pkey" PRIMARY KEY ("runId","resultId","ordinal")
) PARTITION BY RANGE ("runId");
CREATE INDEX "result_text_words_idx" ON "result_text" USING gin ("words");

-- The same months as the runs have.
DO $$
DECLARE
  month record;
BEGIN
  FOR month IN
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'run'::regclass
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF result_text %s', replace(month.name, 'run_', 'result_text_'), month.bound);
  END LOOP;
END
$$;

-- What there is already, up to 200 findings of a result: words as they stand, dotted ones whole, Han as pairs of neighbours.
WITH said AS (
  SELECT r."runId", r.id, r."teamId", r."clusterId", r."checkId",
    lower(coalesce(string_agg(concat_ws(' ', f.message ->> 'en', f.message ->> 'zh-CN', f.subject ->> 'kind',
      f.subject ->> 'namespace', f.subject ->> 'name', f.subject ->> 'part'), ' '), '')) AS text
  FROM result r LEFT JOIN finding f ON f."runId" = r."runId" AND f."resultId" = r.id AND f.ordinal < 200
  WHERE r.phase = 'done'
  GROUP BY r."runId", r.id, r."teamId", r."clusterId", r."checkId"
)
INSERT INTO result_text ("runId", "resultId", ordinal, "teamId", words)
  SELECT "runId", id, 0, "teamId", array_to_tsvector(array(
    SELECT '=' || "checkId"
    UNION SELECT '@' || "clusterId"
    UNION SELECT left(word[1], 40) FROM regexp_matches(text, '[a-z0-9_]+(?:[.:][a-z0-9_]+)*', 'g') AS word
    UNION SELECT part FROM regexp_matches(text, '[a-z0-9_]+', 'g') AS word, left(word[1], 40) AS part
      WHERE part ~ '[a-z]'
    UNION SELECT substr(run[1], place, 2) FROM regexp_matches(text, '[\u4e00-\u9fff]+', 'g') AS run,
      generate_series(1, length(run[1])) AS place))
  FROM said;

-- One check through time on all clusters, and one verdict of all checks.
CREATE INDEX "result_teamId_checkId_runId_idx" ON "result" ("teamId", "checkId", "runId" DESC);
CREATE INDEX "result_teamId_verdict_runId_idx" ON "result" ("teamId", "verdict", "runId" DESC);
CREATE INDEX "run_teamId_verdict_id_idx" ON "run" ("teamId", "verdict", "id" DESC);
CREATE INDEX "run_teamId_requestedById_id_idx" ON "run" ("teamId", "requestedById", "id" DESC);

-- Filters of the history under a name, of one person or shown to the whole team.
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "query" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "saved_view_teamId_ownerId_idx" ON "saved_view"("teamId", "ownerId");
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whatever is partitioned beside the runs is partitioned by month: no list of names to keep.
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
    FOR parent IN
      SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
      WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run'::regclass) ORDER BY c.relname
    LOOP
      partition := parent || '_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
      IF to_regclass(quote_ident(partition)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          partition, parent, weekbook_first_uuid_at(month_start), weekbook_first_uuid_at(month_end));
      END IF;
    END LOOP;
  END LOOP;
END
$$;
