// A year of runs, made in the database by set-based SQL: what a team with fifty clusters leaves behind.
import type pg from "pg";
import { tokensOf } from "#server/domain/runbooks/search.ts";

export const clusterCount = 50;
const peopleCount = 12;
const resultsPerRun = 20;
const months = 12;

/** What findings say; the words of a template are the same in thousands of results, those of its subjects are not. */
const templates = [
  ["Container is throttled in most periods", "容器在多数周期内被限流"],
  ["Two pods share one address", "两个 Pod 使用同一地址"],
  ["Accept queue overflows", "全连接队列溢出"],
  ["No endpoint is ready behind the service", "服务后面没有就绪的端点"],
  ["Certificate ends soon", "证书即将到期"],
  ["Disk fills within a day", "磁盘将在一天内写满"],
  ["Image is not pinned to a digest", "镜像没有固定摘要"],
  ["Clock is off by seconds", "时钟偏差数秒"],
] as const;

type Order = {
  teamId: string;
  results: number;
  checks: string[];
  runbooks: string[];
  log: (line: string) => void;
};

/** Fills an empty instance; the same order makes the same history but for the time it ends at. */
export async function generateHistory(pool: pg.Pool, order: Order): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(
      "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SELECT setseed(0.42)",
    );
    for (const [name, work] of steps(order)) {
      const began = performance.now();
      await work(client);
      order.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
  } finally {
    client.release();
  }
}

type Step = [string, (client: pg.PoolClient) => Promise<unknown>];

function steps({ teamId, results, checks, runbooks }: Order): Step[] {
  const runs = Math.ceil(results / resultsPerRun);
  return [
    ["months", (client) => client.query(monthsSql)],
    ["people and clusters", (client) => client.query(peopleSql, [teamId])],
    ["templates", (client) => client.query(templatesSql, [JSON.stringify(templates.map(toTemplate))])],
    ["runs", (client) => client.query(runsSql, [teamId, runs, runbooks])],
    ["parts", (client) => client.query(partsSql)],
    ["results", (client) => client.query(resultsSql, [teamId, checks])],
    ["findings", (client) => client.query(findingsSql)],
    ["words", (client) => client.query(wordsSql)],
    ["states", (client) => client.query(statesSql, [teamId, checks])],
    ["vacuum", (client) => client.query("VACUUM (ANALYZE)")],
  ];
}

function toTemplate([en, zh]: readonly [string, string]) {
  return { en, zh, words: [...new Set([...tokensOf(en.toLowerCase()), ...tokensOf(zh.toLowerCase())])] };
}

const monthsSql = `DO $$
DECLARE parent text; start timestamptz;
BEGIN
  FOR more IN -${months}..-2 LOOP
    start := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => more)) AT TIME ZONE 'UTC';
    FOR parent IN SELECT relname FROM pg_class JOIN pg_partitioned_table ON partrelid = oid
        WHERE relnamespace = 'public'::regnamespace LOOP
      EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || to_char(start AT TIME ZONE 'UTC', '_YYYY_MM'), parent, weekbook_first_uuid_at(start),
        weekbook_first_uuid_at(((start AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'));
    END LOOP;
  END LOOP;
END $$`;

const peopleSql = `
  WITH people AS (
    INSERT INTO "user" (id, name, email, "updatedAt")
    SELECT 'bench-' || n, 'Person ' || n, 'person-' || n || '@example.com', now() FROM generate_series(1, ${peopleCount}) n
    RETURNING id
  ), members AS (
    INSERT INTO membership ("teamId", "userId", role) SELECT $1, id, 'operator' FROM people
  )
  INSERT INTO cluster (id, "teamId", slug, name)
  SELECT gen_random_uuid(), $1, 'cluster-' || n, 'Cluster ' || n FROM generate_series(1, ${clusterCount}) n`;

const templatesSql = `
  CREATE TEMP TABLE template AS
  SELECT place - 1 AS place, one ->> 'en' AS en, one ->> 'zh' AS zh,
    ARRAY(SELECT jsonb_array_elements_text(one -> 'words')) AS words
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS each(one, place)`;

/** A UUIDv7 of a moment in ms, its tail from a text. */
const idOf = (ms: string, text: string) =>
  `(lpad(to_hex(${ms}), 12, '0') || '7' || substr(md5(${text}), 1, 3) || '8' || substr(md5(${text}), 4, 15))::uuid`;

/** Popular clusters and people run more; a third of the runs belongs to no runbook. */
const runsSql = `
  WITH moment AS (
    SELECT n, extract(epoch FROM now())::bigint * 1000
        - ((${months} * 30.4 - 1) * 86400000 * (1 - n::float8 / $2))::bigint AS ms,
      random() AS who, random() AS which, random() AS "where", random() AS verdict
    FROM generate_series(1, $2::int) n
  ), cluster_at AS (SELECT row_number() OVER (ORDER BY slug) AS number, id FROM cluster WHERE "teamId" = $1)
  INSERT INTO run (id, "teamId", "clusterIds", runbook, "requestedById", "requestedBy", status, verdict, seq, selection,
    counts, "createdAt", "startedAt", "endedAt")
  SELECT ${idOf("ms", "n::text")}, $1, ARRAY[c.id], CASE WHEN which < 0.67
      THEN ($3::text[])[1 + floor(which / 0.67 * cardinality($3::text[]))::int] END,
    'bench-' || (1 + floor(who * who * ${peopleCount}))::int, 'Person ' || (1 + floor(who * who * ${peopleCount}))::int,
    'done', (CASE WHEN verdict < 0.45 THEN 'fail' WHEN verdict < 0.7 THEN 'warn' WHEN verdict < 0.8 THEN 'unknown'
      ELSE 'pass' END)::verdict, 40, '[]', '{"pass": 16, "warn": 2, "fail": 1, "unknown": 1, "skip": 0}',
    to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0 + 4)
  FROM moment JOIN cluster_at c ON c.number = 1 + floor("where" * "where" * ${clusterCount})::int`;

const partsSql = `
  INSERT INTO run_part ("runId", ordinal, "teamId", "clusterId", status, verdict, attempt, "createdAt", "startedAt", "endedAt")
  SELECT id, 0, "teamId", "clusterIds"[1], status, verdict, 1, "createdAt", "startedAt", "endedAt" FROM run`;

const resultsSql = `
  WITH asked AS (
    SELECT run.*, floor(random() * cardinality($2::text[]))::int AS first, weekbook_uuid_ms(id) AS ms FROM run
  ), each AS (
    SELECT asked.*, place, random() AS luck FROM asked, generate_series(0, ${resultsPerRun - 1}) AS place
  ), judged AS (
    SELECT *, (CASE WHEN luck < 0.05 THEN 'fail' WHEN luck < 0.13 THEN 'warn' WHEN luck < 0.16 THEN 'unknown'
      WHEN luck < 0.2 THEN 'skip' ELSE 'pass' END)::verdict AS said FROM each
  )
  INSERT INTO result ("runId", id, "teamId", "clusterId", part, ordinal, "checkId", "checkVersion", target, "targetName",
    phase, verdict, counts, coverage, cost, seq, "startedAt", "endedAt")
  SELECT id, ${idOf("ms + place", "id::text || place")}, $1, "clusterIds"[1], 0, place,
    ($2::text[])[1 + (first + place) % cardinality($2::text[])], 1, 'kubernetes', 'Kubernetes API', 'done', said,
    jsonb_build_object('pass', 0, 'skip', 0, 'unknown', 0, 'warn', 0, 'fail', 0)
      || CASE WHEN said IN ('fail', 'warn') THEN jsonb_build_object(said, 1 + least(199, floor(-ln(1 - random()) * 5))::int)
         ELSE '{}' END,
    '[{"what": "pods", "read": 1200, "unit": "objects"}]', '{"calls": 3, "bytes": 120000, "seconds": 1}', 2 + place,
    "startedAt", "endedAt"
  FROM judged`;

const findingsSql = `
  INSERT INTO finding ("runId", "resultId", ordinal, fingerprint, verdict, code, subject, message, observed, expected)
  SELECT r."runId", r.id, n, md5(r."clusterId"::text || r."checkId" || name), r.verdict, 'example',
    jsonb_build_object('kind', 'Pod', 'namespace', 'team-' || (n % 20), 'name', name),
    jsonb_build_object('en', t.en || ': ' || name, 'zh-CN', t.zh || '：' || name), '92 %', 'below 25 %'
  FROM result r
    CROSS JOIN LATERAL generate_series(0, (r.counts ->> r.verdict::text)::int - 1) AS n
    CROSS JOIN LATERAL (SELECT 'app-' || abs(hashtext(r.id::text || n)) % 400 || '-' || substr(md5(r.id::text || n), 1, 5)) AS subject(name)
    JOIN template t ON t.place = abs(hashtext(r."checkId")) % ${templates.length}
  WHERE r.verdict IN ('fail', 'warn')`;

/** As server/jobs/record-words.ts writes them; one result in fifty thousand names something rare. */
const wordsSql = `
  INSERT INTO result_text ("runId", "resultId", ordinal, "teamId", words)
  SELECT r."runId", r.id, 0, r."teamId", array_to_tsvector(array(
    SELECT DISTINCT word FROM (
      SELECT unnest(ARRAY['=' || r."checkId", '@' || r."clusterId"]) AS word
      UNION ALL SELECT unnest(t.words || ARRAY['pod', 'team', 'app']) FROM template t
        WHERE r.verdict IN ('fail', 'warn') AND t.place = abs(hashtext(r."checkId")) % ${templates.length}
      UNION ALL SELECT 'ledger' WHERE hashtext(r.id::text) % 50000 = 0
      UNION ALL SELECT unnest(ARRAY[split_part(f.subject ->> 'name', '-', 2), split_part(f.subject ->> 'name', '-', 3),
          split_part(f.subject ->> 'namespace', '-', 2)])
        FROM finding f WHERE f."runId" = r."runId" AND f."resultId" = r.id
    ) AS words WHERE word <> ''))
  FROM result r`;

const statesSql = `
  INSERT INTO check_state ("clusterId", "checkId", target, "teamId", verdict, "changedAt", "checkedAt", "checkedBy", "runId",
    "resultId", counts)
  SELECT DISTINCT ON (r."clusterId", r."checkId", target.name) r."clusterId", r."checkId", target.name, r."teamId",
    r.verdict, r."startedAt", r."startedAt", 'Person 1', r."runId", r.id, r.counts
  FROM result r, (VALUES ('kubernetes'), ('ssh:a/1'), ('ssh:a/2')) AS target(name)
  WHERE r."teamId" = $1 AND r."checkId" = ANY($2::text[])
    AND r."runId" >= weekbook_first_uuid_at(now() - interval '40 days')
  ORDER BY r."clusterId", r."checkId", target.name, r."runId" DESC`;
