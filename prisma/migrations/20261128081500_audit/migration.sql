-- CreateTable
CREATE TABLE "audit_event" (
    "teamId" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "subjectName" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("teamId","sequence")
);

-- CreateTable
CREATE TABLE "audit_chain" (
    "teamId" UUID NOT NULL,
    "sequence" BIGINT NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000',

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("teamId")
);

-- CreateIndex
CREATE INDEX "audit_event_teamId_at_idx" ON "audit_event"("teamId", "at");

-- CreateIndex
CREATE INDEX "audit_event_teamId_action_sequence_idx" ON "audit_event"("teamId", "action", "sequence");

-- CreateIndex
CREATE INDEX "audit_event_teamId_actorId_sequence_idx" ON "audit_event"("teamId", "actorId", "sequence");

-- CreateIndex
CREATE INDEX "audit_event_teamId_subjectKind_subjectId_sequence_idx" ON "audit_event"("teamId", "subjectKind", "subjectId", "sequence");

-- What was written stays as it was written.
CREATE FUNCTION weekbook_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION weekbook_audit_refuse();

CREATE TRIGGER audit_chain_stays BEFORE DELETE OR TRUNCATE ON "audit_chain"
  FOR EACH STATEMENT EXECUTE FUNCTION weekbook_audit_refuse();

-- An event must go on from the end of its chain, and moves that end: two can never follow the same one.
CREATE FUNCTION weekbook_audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audit_chain SET "sequence" = NEW."sequence", "hash" = NEW."hash"
    WHERE "teamId" = NEW."teamId" AND "sequence" = NEW."sequence" - 1 AND "hash" = NEW."previousHash";
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit_event does not go on from the end of its chain' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER audit_event_append BEFORE INSERT ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION weekbook_audit_append();

-- Only an event moves the end of a chain.
CREATE FUNCTION weekbook_audit_chain_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW IS DISTINCT FROM OLD AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'audit_chain moves with audit_event alone' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER audit_chain_moves BEFORE UPDATE ON "audit_chain"
  FOR EACH ROW EXECUTE FUNCTION weekbook_audit_chain_moves();

CREATE FUNCTION weekbook_audit_chain_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."sequence" := 0;
  NEW."hash" := repeat('0', 64);
  RETURN NEW;
END
$$;

CREATE TRIGGER audit_chain_begins BEFORE INSERT ON "audit_chain"
  FOR EACH ROW EXECUTE FUNCTION weekbook_audit_chain_begins();
