-- When the first thing was begun that changes or loads a target: whoever finds it so does not begin it again.
ALTER TABLE "result" ADD COLUMN "activeAt" TIMESTAMPTZ(3);
