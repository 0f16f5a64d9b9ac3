import { expect, test } from "vitest";
import { hearsTerm, pidOneOf, readCommand } from "./pid-1.ts";
import { fixesFor, type PidOneCase, withExec } from "./pid-1-fixes.ts";

test.each([
  [["/no/such/binary"], "program"],
  [["sleep", "1000000"], "idle"],
  [["sh", "-c", "while :; do echo a; sleep 10; done"], "shell"],
  [["sh", "-c", "sleep 100000; echo never"], "shell"],
  [["sh", "-c", "hostname > /www/index.html; exec httpd -f -v -p 80 -h /www"], "program"],
  [["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 5 & wait $!; done"], "trap"],
  [["sh", "-c", "exec > /tmp/app.log 2>&1; while :; do date; sleep 1; done"], "shell"],
  [["sh", "-c", "node server.js"], "program"],
  [["/bin/bash", "-ec", "npm start"], "package-manager"],
  [["bash", "-lc", "exec tail -f /dev/null"], "idle"],
  [["sh", "-c", "node a.js & node b.js"], "shell"],
  [["sh", "-c", "node a.js | tee log"], "shell"],
  [["sh", "-c", "A=1 B=2 exec node a.js"], "program"],
  [["sh", "-c", 'cd /srv && exec "./server" --port 80'], "program"],
  [["sh", "/entrypoint.sh"], "script"],
  [["/entrypoint.sh"], "script"],
  [["npm", "start"], "package-manager"],
  [["go", "run", "."], "package-manager"],
  [["go", "version"], "program"],
  [["/usr/bin/tini", "--", "node", "a.js"], "init"],
  [["env", "-i", "A=1", "sh", "-c", "a; b"], "shell"],
  [[], "image"],
])("%j: %s", (argv, kind) => {
  expect(pidOneOf(argv).kind).toBe(kind);
});

test("the exec form is a JSON array, everything else goes to a shell", () => {
  expect(readCommand('CMD ["node", "a.js"]')).toEqual({ form: "exec", argv: ["node", "a.js"] });
  expect(readCommand("node a.js")).toEqual({ form: "shell", argv: ["/bin/sh", "-c", "node a.js"] });
  expect(readCommand("['node']")?.form).toBe("shell");
  expect(readCommand("  ")).toBeNull();
});

test("who hears SIGTERM", () => {
  const hears = (text: string) => hearsTerm(pidOneOf(readCommand(text)?.argv ?? []));
  expect(hears("a; b")).toBe(false);
  expect(hears('["tail", "-f", "/dev/null"]')).toBe(false);
  expect(hears('["dumb-init", "a"]')).toBe(true);
  expect(hears('["java", "-jar", "a.jar"]')).toBeNull();
});

test("exec goes before the last command", () => {
  expect(withExec("node a.js")).toBe("exec node a.js");
  expect(withExec("cd /srv && node a.js")).toBe("cd /srv && exec node a.js");
  expect(withExec("a; b\n  c --d")).toBe("a; b\n  exec c --d");
});

function fixes(text: string, more: Partial<PidOneCase> = {}) {
  const written = readCommand(text) ?? { form: "exec", argv: [] };
  const known = { place: "kubernetes", handling: "unknown", children: false, ownImage: true } as const;
  return fixesFor({ ...known, written, pidOne: pidOneOf(written.argv), ...more }).map(({ id }) => id);
}

test("which fix for which case", () => {
  expect(fixes("./migrate && ./server")).toEqual(["exec-in-script", "share-namespace"]);
  expect(fixes('["npm", "start"]')).toEqual(["start-directly", "share-namespace"]);
  expect(fixes('["npm", "start"]', { ownImage: false, place: "docker" })).toEqual(["docker-init"]);
  expect(fixes('["node", "a.js"]', { handling: "ignores" })[0]).toBe("handler");
  expect(fixes('["node", "a.js"]', { handling: "handles" })).toEqual(["nothing"]);
  expect(fixes('["node", "a.js"]', { handling: "handles", children: true, place: "compose" })).toEqual([
    "compose-init",
  ]);
  expect(fixes('["tini", "--", "a"]')).toEqual(["nothing"]);
});
