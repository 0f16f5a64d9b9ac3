import fc from "fast-check";
import { expect, test } from "vitest";
import { splitArguments } from "#common/windows-arguments.ts";
import { type TaskInput, taskArguments, taskInputProblems, taskSteps } from "./powershell-task.ts";

const usual: TaskInput = {
  ...{ script: "E:\\scripts\\ExchangeDailyCheckList.ps1", task: "Exchange daily check list", time: "07:30" },
  ...{ program: "windows-powershell", policy: "RemoteSigned", exchange: false },
};
const values = (line: string) => splitArguments(line).words.map(({ value }) => value);

test("the script arrives as one argument, whatever its path holds", () => {
  const part = fc.string({
    unit: fc.constantFrom("a", " ", "'", "&", ";", "é", "(", "$", "’"),
    minLength: 1,
  });
  fc.assert(
    fc.property(part, (name) => {
      const script = `E:\\${name}\\x.ps1`;
      expect(values(taskArguments({ ...usual, script })).at(-1)).toBe(script);
      const command = values(taskArguments({ ...usual, script, exchange: true })).at(-1) ?? "";
      const literal = /& '((?:''|’’|[^'’])*)'; exit/.exec(command)?.[1];
      expect(literal?.replaceAll("''", "'").replaceAll("’’", "’")).toBe(script);
    }),
  );
});

test("Exchange's session comes before the script and needs Windows PowerShell", () => {
  const [line] = taskSteps({ ...usual, program: "powershell-7", exchange: true });
  expect(values(line?.code ?? "").slice(0, 1)).toEqual([
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
  ]);
  expect(line?.code).toMatch(/RemoteExchange\.ps1'; Connect-ExchangeServer -auto; & 'E:/);
});

test("fields that Windows would refuse are refused", () => {
  const field = (part: Partial<TaskInput>) => taskInputProblems({ ...usual, ...part });
  expect(field({})).toEqual([]);
  for (const script of ["", "3", "a.ps1", 'E:\\a".ps1', "E:\\a.txt", "E:\\%x%\\a.ps1", "E:\\a\n.ps1"])
    expect(field({ script }), script).toEqual(["script"]);
  for (const task of ["", "a\\b", "a'b", "a ", "$(x)"]) expect(field({ task }), task).toEqual(["task"]);
  for (const time of ["", "24:00", "7:30", "07:60"]) expect(field({ time }), time).toEqual(["time"]);
});
