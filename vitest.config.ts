import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Postgres: terminating connection due to administrator command */
const administratorCommand = "57P01";
const exclude = ["**/node_modules/**", "**/.next*/**", "e2e/**"];

export default defineConfig({
  test: {
    // A test's database is dropped by force: the server's farewell may still reach a connection that is being closed.
    onUnhandledError: (error) => !("code" in error && error.code === administratorCommand),
    // One file at a time would leave a small machine waiting: most of what the tests do is wait for servers.
    maxWorkers: Math.min(4, availableParallelism()),
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...exclude, "**/*.integration.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
