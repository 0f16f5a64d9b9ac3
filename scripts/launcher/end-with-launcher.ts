// Preloaded into every process the launcher starts: when the channel to the launcher closes, because it was killed,
// the process ends too, gracefully where it can. Their own children inherit the preload and are left alone.
const graceMs = 10_000;

if (process.env.WEEKBOOK_LAUNCHER === String(process.ppid)) {
  process.channel?.unref();
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
