// Preloaded into every process the launcher starts: when the channel to the launcher closes, because it was killed,
// the process ends too, gracefully where it can.
const graceMs = 10_000;

process.channel?.unref();
process.once("disconnect", () => {
  setTimeout(() => process.exit(1), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
});
