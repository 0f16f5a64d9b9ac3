import { powershellLiteral, windowsArgument } from "#common/windows-arguments.ts";
import type { CommandStep } from "./command-step.ts";

export const taskPrograms = ["windows-powershell", "powershell-7"] as const;
export const taskPolicies = ["RemoteSigned", "AllSigned", "Bypass"] as const;

export type TaskInput = {
  script: string;
  task: string;
  time: string;
  program: (typeof taskPrograms)[number];
  policy: (typeof taskPolicies)[number];
  /** load Exchange's session before the script; that needs Windows PowerShell */
  exchange: boolean;
};
export type TaskField = "script" | "task" | "time";

const paths = {
  "windows-powershell": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
  "powershell-7": "C:\\Program Files\\PowerShell\\7\\pwsh.exe",
};
const exchangeSession = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\bin\\RemoteExchange.ps1";

export function taskInputProblems({ script, task, time }: TaskInput): TaskField[] {
  const problems: TaskField[] = [];
  const odd = /[<>"|?*%]|\p{Cc}/u;
  if (!/^([A-Za-z]:\\|\\\\[^\\]+\\).+\.ps1$/i.test(script) || odd.test(script) || script.length > 240)
    problems.push("script");
  if (!/^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,99}$/u.test(task) || /[ .]$/.test(task)) problems.push("task");
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) problems.push("time");
  return problems;
}

/** What follows the program. Only for input without problems. */
export function taskArguments({ script, policy, exchange }: TaskInput): string {
  const own = `-NoProfile -NonInteractive -ExecutionPolicy ${policy}`;
  if (!exchange) return `${own} -File ${quoted(script)}`;
  const statements = [
    `. ${powershellLiteral(exchangeSession)}`,
    "Connect-ExchangeServer -auto",
    `& ${powershellLiteral(script)}`,
    "exit $LASTEXITCODE",
  ];
  return `${own} -Command ${windowsArgument(statements.join("; "))}`;
}

/** Quoted also without blanks, so that the line survives a later change of the path. */
function quoted(value: string): string {
  const word = windowsArgument(value);
  return word.startsWith('"') ? word : `"${word}"`;
}

export function taskSteps(input: TaskInput): CommandStep[] {
  const program = paths[input.exchange ? "windows-powershell" : input.program];
  const name = powershellLiteral(input.task);
  return [
    { id: "line", code: `${windowsArgument(program)} ${taskArguments(input)}` },
    {
      id: "register",
      code: [
        `$action = New-ScheduledTaskAction -Execute ${powershellLiteral(program)} -Argument ${powershellLiteral(taskArguments(input))}`,
        `$trigger = New-ScheduledTaskTrigger -Daily -At ${input.time}`,
        "$settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Hours 1) -MultipleInstances IgnoreNew",
        `Register-ScheduledTask -TaskName ${name} -Action $action -Trigger $trigger -Settings $settings`,
      ].join("\n"),
    },
    {
      id: "look",
      code: `Start-ScheduledTask -TaskName ${name}\nGet-ScheduledTaskInfo -TaskName ${name} | Format-List LastRunTime, LastTaskResult, NextRunTime`,
    },
    { id: "undo", code: `Unregister-ScheduledTask -TaskName ${name} -Confirm:$false` },
  ];
}
