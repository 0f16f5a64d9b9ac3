import { spawnSync } from "node:child_process";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SentenceError } from "../launcher/sentence-error.ts";
import type { Binaries } from "./binaries.ts";
import type { Account } from "./places.ts";

function checkMajor(data: string, binaries: Binaries): void {
  const made = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  const ours = binaries.version.split(".")[0];
  if (made === ours) return;
  throw new SentenceError(
    `The database in ${data} was made by Postgres ${made}, and this Weekbook brings Postgres ${ours}: dump it with the older version and load it into the newer, as docs/deploy.md describes.`,
  );
}

/** Makes `<place>/data` once. An interrupted attempt leaves a folder of another name, which the next one removes. */
export function initialise(place: string, password: string, binaries: Binaries, account: Account): string {
  const data = join(place, "data");
  if (existsSync(join(data, "PG_VERSION"))) {
    checkMajor(data, binaries);
    return data;
  }
  const unfinished = join(place, "data.unfinished");
  const passwordFile = join(place, "initdb-password");
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    const made = spawnSync(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        "--username=weekbook",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
      ],
      {
        ...account,
        encoding: "utf8",
        cwd: place,
        env: { NODE_ENV: "production", PATH: process.env.PATH, LC_ALL: "C" },
      },
    );
    if (made.status !== 0)
      throw new SentenceError(
        `Postgres could not make its database folder ${data}: ${(made.stderr || made.error?.message || "").trim().split("\n").at(-1)}`,
      );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, data);
  return data;
}
