// npm run verify: every guard that needs neither database nor browser, in seconds.
import { verify } from "./verify/guards.ts";

const results = await verify();
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
console.log(
  failed.length === 0
    ? `${results.length} guards passed`
    : `${failed.length} of ${results.length} guards failed: ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
