// What stands behind a check: recorded cases, planted faults and integration tests, as the files themselves say.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export type Proof = {
  cases: number;
  /** cases whose note says that a real system gave them */
  recorded: number;
  faults: string[];
  tests: { path: string; against: string[] }[];
};

const recordedNote = /\brecorded\b|^(From|What) \S+ v?\d/i;
/** Made after what was recorded elsewhere. */
const derivedNote = /^Written|^As (the )?recorded|^The recorded run|\brecorded one with\b/i;
/** What a test starts, by the module of testing/ that it imports. */
const servers: Record<string, string> = {
  nginx: "nginx",
  prometheus: "Prometheus",
  unbound: "unbound",
  "docker-registry": "a Docker registry",
  mariadb: "MariaDB",
  sshd: "OpenSSH",
  "host-namespace": "a host of its own",
  podman: "Podman",
  containerd: "containerd",
  "docker-engine": "Docker Engine",
  openssl: "OpenSSL",
  "kafka-stub": "a stand-in that speaks Kafka's protocol",
};

type Source = { path: string; text: string };

export function proofReader(root: string): (id: string) => Proof {
  const read = (pattern: string): Source[] =>
    globSync(pattern, { cwd: root, exclude: (path) => path.includes("node_modules") })
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  const faults = read("sandbox/faults/*.ts");
  // Tests of the domain name checks in rows that they write themselves: none of them runs one.
  const tests = read("{server,cli}/**/*.integration.test.ts").filter(
    ({ path }) => !path.startsWith("server/domain/"),
  );
  return (id) => ({
    ...casesOf(join(root, "server/checks", `${id}.facts`)),
    faults: faults.filter(({ text }) => text.includes(`"${id}"`)).map(({ path }) => basename(path, ".ts")),
    tests: tests
      .filter((test) => speaksOf(test, id, readFileSync(join(root, `server/checks/${id}.ts`), "utf8")))
      .map(({ path, text }) => ({ path, against: startedBy(text) })),
  });
}

function casesOf(folder: string): { cases: number; recorded: number } {
  const notes = (existsSync(folder) ? readdirSync(folder) : []).map(
    (file): string => JSON.parse(readFileSync(join(folder, file), "utf8")).note,
  );
  return {
    cases: notes.length,
    recorded: notes.filter((note) => recordedNote.test(note) && !derivedNote.test(note)).length,
  };
}

/** It names the check, imports it, or stands beside a module that this check is made of. */
function speaksOf({ path, text }: Source, id: string, check: string): boolean {
  if (text.includes(`"${id}"`) || text.includes(`checks/${id}.ts"`)) return true;
  const [target = "", name = ""] = id.split("/");
  const beside = path.startsWith(`server/checks/${target}/`) && text.includes(`"./${name}.ts"`);
  const other = path.startsWith("server/checks/") && text.includes(`"../${id}.ts"`);
  const part = basename(path, ".integration.test.ts");
  const needs = dirname(path) === "server/checks/needs" && check.includes(`"../needs/${part}.ts"`);
  return beside || other || needs;
}

function startedBy(text: string): string[] {
  const modules = [...text.matchAll(/"#testing\/([\w-]+)\.ts"/g)].map(([, name = ""]) => name);
  return modules.flatMap((name) => servers[name] ?? []);
}
