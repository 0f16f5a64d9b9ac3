// npm run build: the production build that `npm start` would make itself, for images and read-only installations.
import { ensureBuild } from "./launcher/build.ts";
import { SentenceError } from "./launcher/sentence-error.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

try {
  const built = await ensureBuild(stop.signal, () => console.log("Building the pages …"));
  console.log(built ? "The production build is made." : "The production build is current.");
} catch (error) {
  console.error(error instanceof SentenceError ? error.message : error);
  process.exitCode = 1;
}
