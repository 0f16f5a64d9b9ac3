import { describe, expect, test } from "vitest";
import { taskActions } from "./scheduled-task.ts";
import { taskProblems } from "./scheduled-task-rules.ts";
import { taskWords } from "./scheduled-task-words.ts";

const codes = (text: string) =>
  taskActions(text)
    .flatMap(taskProblems)
    .map(({ code }) => code);
/** A line on which nothing else is wrong. */
const run = (rest: string, policy = "-ExecutionPolicy RemoteSigned") =>
  codes(`powershell.exe -NoProfile -NonInteractive ${policy} ${rest}`);
const file = (path: string, policy?: string) => run(`-File ${path}`, policy);
const exchange = "'C:\\Program Files\\Exchange\\bin\\RemoteExchange.ps1'";
const command = (...statements: string[]) => run(`-Command "${statements.join("; ")}"`);
const connect = "Connect-ExchangeServer -auto";

describe("the execution policy", () => {
  test("policy-invalid: a word that is none, however it is written", () => {
    expect(file("C:\\a.ps1", "-ExecutionPolicy RemoteSign")).toEqual(["policy-invalid"]);
    expect(file("C:\\a.ps1", "-ep 3")).toEqual(["policy-invalid"]);
    for (const policy of ["remotesigned", "AllSigned", "Bypass", "UNRESTRICTED", "Undefined", "Default"])
      expect(file("C:\\a.ps1", `-ex ${policy}`)).toEqual([]);
  });

  test("policy-forbids: Restricted lets commands run, scripts not", () => {
    expect(file("C:\\a.ps1", "-ExecutionPolicy Restricted")).toEqual(["policy-forbids"]);
    expect(run(`-Command ". 'C:\\a.ps1'"`, "-ExecutionPolicy Restricted")).toEqual(["policy-forbids"]);
    expect(run('-Command "Get-Date"', "-ExecutionPolicy Restricted")).toEqual([]);
  });
});

describe("what runs, and whether it ends", () => {
  test("never-ends: -NoExit, also cut short, but not as a word of the script's own", () => {
    expect(run("-NoExit -File C:\\a.ps1")).toEqual(["never-ends"]);
    expect(run("-noe -File C:\\a.ps1")).toEqual(["never-ends"]);
    expect(file("C:\\a.ps1 -NoExit")).toEqual([]);
  });

  test("nothing-to-run: no script, no command, or a parameter that waits for one", () => {
    expect(run("")).toEqual(["nothing-to-run"]);
    expect(run("-WindowStyle Hidden")).toEqual(["nothing-to-run"]);
    expect(run("-File")).toEqual(["nothing-to-run"]);
    expect(run("-Command -")).toEqual([]);
  });
});

describe("quotes and paths", () => {
  test("open-quote: never closed, or its closing one escaped by a backslash", () => {
    expect(file('"C:\\my jobs\\a.ps1')).toEqual(["open-quote"]);
    expect(codes('pwsh.exe -wd "C:\\jobs\\" -File C:\\a.ps1')).toEqual(["open-quote"]);
    expect(file('"C:\\my jobs\\a.ps1" "C:\\out\\\\"')).toEqual([]);
  });

  test("path-unquoted: in a command, with or without a call operator", () => {
    expect(command("C:\\my jobs\\a.ps1")).toEqual(["path-unquoted"]);
    expect(command("& C:\\my jobs\\a.ps1 -Day 1")).toEqual(["path-unquoted"]);
    expect(command("Get-Date", ". C:\\my jobs\\a.ps1")).toEqual(["path-unquoted"]);
    expect(command("& 'C:\\my jobs\\a.ps1'")).toEqual([]);
    expect(command("C:\\jobs\\a.ps1 'C:\\my files'")).toEqual([]);
    expect(command("C:\\jobs\\a.ps1 -Next C:\\b.ps1")).toEqual([]);
  });

  test("path-unquoted is not said of a program that is given a script", () => {
    expect(command("C:\\jobs\\run.cmd C:\\jobs\\a.ps1")).toEqual([]);
  });

  test("relative-path: neither drive, share nor variable", () => {
    for (const path of ["a.ps1", ".\\a.ps1", "jobs\\a.ps1", "\\jobs\\a.ps1", '"my jobs\\a.ps1"'])
      expect(file(path), path).toEqual(["relative-path"]);
    for (const path of ["C:\\a.ps1", "c:/a.ps1", "\\\\nas\\jobs\\a.ps1", "%SystemRoot%\\a.ps1", "-"])
      expect(file(path), path).toEqual([]);
    expect(file('"%ProgramFiles(x86)%\\a.ps1"')).toEqual([]);
  });

  test("relative-path is not said of a task that names its folder", () => {
    const task = (folder: string) =>
      `<Exec><Command>pwsh.exe</Command><Arguments>-NoProfile -NonInteractive -ep RemoteSigned -File a.ps1</Arguments>${folder}</Exec>`;
    expect(codes(task(""))).toEqual(["relative-path"]);
    expect(codes(task("<WorkingDirectory></WorkingDirectory>"))).toEqual(["relative-path"]);
    expect(codes(task("<WorkingDirectory>C:\\jobs</WorkingDirectory>"))).toEqual([]);
  });

  test("parameters that pwsh alone has are no scripts", () => {
    const words = "-NoProfile -NonInteractive -ep RemoteSigned -Interactive -SettingsFile C:\\s.json";
    expect(codes(`pwsh.exe ${words} -File C:\\a.ps1`)).toEqual([]);
    expect(codes(`pwsh.exe ${words} -CommandWithArgs "Get-Date"`)).toEqual([]);
  });
});

describe("the session of Exchange", () => {
  test("not-connected: loaded, and no more", () => {
    expect(command(`. ${exchange}`, ". C:\\a.ps1")).toEqual(["not-connected"]);
  });

  test("script-before-session: the script stands before the connection", () => {
    expect(command(`. ${exchange}`, ". C:\\a.ps1", connect)).toEqual(["script-before-session"]);
    expect(command(". C:\\a.ps1", `. ${exchange}`, connect)).toEqual(["script-before-session"]);
    expect(command(`. ${exchange}`, connect, ". C:\\a.ps1")).toEqual([]);
  });

  test("session-not-kept: called instead of dot-sourced", () => {
    expect(command(`& ${exchange}`, connect, ". C:\\a.ps1")).toEqual(["session-not-kept"]);
    expect(command("C:\\Exchange\\RemoteExchange.ps1", connect)).toEqual(["session-not-kept"]);
    expect(command(`if ($true) { . ${exchange} }`, connect)).toEqual([]);
  });
});

test("each code has its words", () => {
  const said =
    "not-connected script-before-session session-not-kept never-ends policy-invalid policy-forbids open-quote path-unquoted relative-path nothing-to-run";
  for (const code of said.split(" ")) expect(taskWords(code, "x").message.en, code).not.toBe(code);
});
