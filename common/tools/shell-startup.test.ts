import { expect, test } from "vitest";
import { readStart, startupFiles } from "./shell-startup.ts";

const kind = (text: string) => {
  const start = readStart(text);
  if (!start) return "none";
  const words = [
    start.login ? "login" : "",
    start.interactive ? "interactive" : "",
    start.remote ? "remote" : "",
  ];
  return [start.shell, ...words].filter(Boolean).join(" ");
};

test.each([
  ["ssh web-1", "bash login interactive"],
  ["ssh -p 2222 -i key ops@web-1", "bash login interactive"],
  ["ssh web-1 'echo $-; shopt login_shell'", "bash remote"],
  ["bash", "bash interactive"],
  ["bash -l", "bash login interactive"],
  ["bash -l test.sh", "bash login"],
  ["bash test.sh", "bash"],
  ["bash -c 'echo $-'", "bash"],
  ["bash -lc env", "bash login"],
  ["bash -ic env", "bash interactive"],
  ["bash --rcfile /etc/x", "bash interactive"],
  ["-bash", "bash login interactive"],
  ["/bin/sh -c date", "sh"],
  ["dash -l", "sh login interactive"],
  ["su - postgres", "bash login interactive"],
  ["su postgres -c id", "bash"],
  ["sudo -i", "bash login interactive"],
  ["sudo -s", "bash interactive"],
  ["sudo -u app bash -l run.sh", "bash login"],
  ["sudo systemctl restart nginx", "none"],
  ["cron", "sh"],
  ["./deploy.sh", "bash"],
  ["zsh -l", "zsh login interactive"],
  ["3", "none"],
  ["", "none"],
])("%s", (text, expected) => {
  expect(kind(text)).toBe(expected);
});

const files = (text: string, system: "debian" | "rhel" = "debian") => {
  const start = readStart(text);
  return start ? startupFiles(start, system).map(({ path }) => path) : [];
};

test("the four kinds of bash, as the note has them", () => {
  const three = ["~/.bash_profile", "~/.bash_login", "~/.profile"];
  expect(files("ssh web-1").filter((path) => path !== "/etc/bash.bashrc" && path !== "~/.bashrc")).toEqual([
    ...["/etc/profile", "/etc/profile.d/*.sh"],
    ...three,
  ]);
  expect(files("bash -l test.sh").slice(0, 5)).toEqual(["/etc/profile", "/etc/profile.d/*.sh", ...three]);
  expect(files("bash")).toEqual(["/etc/bash.bashrc", "~/.bashrc"]);
  expect(files("bash test.sh")).toEqual(["$BASH_ENV"]);
});

test("switches take files away", () => {
  expect(files("bash --norc")).toEqual([]);
  expect(files("bash --login --noprofile")).toEqual([]);
  expect(files("bash", "rhel")[0]).toBe("~/.bashrc");
});
