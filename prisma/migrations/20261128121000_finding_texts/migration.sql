-- What a finding observed and expected in every language, where it is words and no value.
ALTER TABLE "finding" ADD COLUMN "texts" JSONB;
