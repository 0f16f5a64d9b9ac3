import type { Finding } from "#common/result.ts";
import type { Text } from "#common/text.ts";

type Words = { verdict: Finding["verdict"]; message: Text; expected: string; fix: Text };
type Row = readonly [Finding["verdict"], string, string, string];

/** Verdict, English, Chinese, expected; {} stands for what was found. */
const rows: Record<string, Row> = {
  "may-prompt": [
    "warn",
    "Without -NonInteractive a question of the script waits for an answer that nobody can give.",
    "没有 -NonInteractive：脚本一旦提问，就会一直等待没人能给的回答。",
    "-NonInteractive",
  ],
  "profile-loaded": [
    "warn",
    "Without -NoProfile the profile of the task's account runs first and can change or break the run.",
    "没有 -NoProfile：会先执行任务账号的 profile，结果可能因此改变或出错。",
    "-NoProfile",
  ],
  "policy-unset": [
    "warn",
    "No -ExecutionPolicy: whether the script may run depends on the machine, and Windows clients refuse by default.",
    "没有 -ExecutionPolicy：脚本能否运行取决于机器设置，Windows 客户端默认拒绝。",
    "-ExecutionPolicy RemoteSigned",
  ],
  "policy-invalid": [
    "fail",
    "{} is no execution policy; PowerShell stops there.",
    "{} 不是有效的执行策略，PowerShell 会直接报错退出。",
    "RemoteSigned, AllSigned, Bypass",
  ],
  "policy-forbids": [
    "fail",
    "The policy {} forbids every script, also this one.",
    "执行策略 {} 禁止一切脚本，包括这一个。",
    "RemoteSigned",
  ],
  "never-ends": [
    "fail",
    "{} keeps PowerShell open after the script: the task never ends.",
    "{} 让 PowerShell 在脚本结束后不退出，任务永远不会结束。",
    "without -NoExit",
  ],
  "nothing-to-run": [
    "fail",
    "Nothing is given to run: there is no script and no command.",
    "没有给出要运行的内容：既没有脚本也没有命令。",
    '-File "path"',
  ],
  "program-unquoted": [
    "fail",
    "The program's path holds blanks and is not quoted: Windows may look for a program that ends at the first blank.",
    "程序路径含空格却没有引号：Windows 可能会把第一个空格之前的部分当作程序。",
    '"{}"',
  ],
  "file-unquoted": [
    "fail",
    "The path after -File holds blanks and is not quoted: PowerShell takes the part before the first blank for the script.",
    "-File 后的路径含空格却没有引号：PowerShell 只把第一个空格之前的部分当作脚本。",
    '"{}"',
  ],
  "path-unquoted": [
    "fail",
    "A path with blanks stands unquoted in the command: PowerShell runs only the part before the first blank.",
    "命令里的路径含空格却没有引号：PowerShell 只会执行第一个空格之前的部分。",
    "'{}'",
  ],
  "single-quotes": [
    "fail",
    "The path after -File is in single quotes. Outside PowerShell they are ordinary characters and become part of the path.",
    "-File 后的路径用了单引号。在 PowerShell 之外单引号是普通字符，会成为路径的一部分。",
    "double quotes",
  ],
  "typographic-quotes": [
    "fail",
    "There is a typographic quote ({}), as text processors make it. Windows does not take it for a quote.",
    "这里有一个排版引号（{}），多半来自文字处理软件。Windows 不把它当引号。",
    '"',
  ],
  "open-quote": [
    "fail",
    "A double quote is opened and never closed: the rest of the line becomes one argument.",
    "双引号没有配对：这一行余下的内容会变成一个参数。",
    "a closing quote",
  ],
  "after-file": [
    "fail",
    "{} stands after the script, so the script gets it and PowerShell does not.",
    "{} 写在脚本之后，得到它的是脚本，而不是 PowerShell。",
    "{} before -File",
  ],
  "relative-path": [
    "warn",
    "The script's path is relative. A task without a folder of its own starts in System32.",
    "脚本是相对路径。没有设置起始目录的任务从 System32 开始。",
    "an absolute path",
  ],
  "only-printed": [
    "fail",
    "A quoted path alone is a text: PowerShell prints it, runs nothing and reports success.",
    "单独一个带引号的路径只是字符串：PowerShell 打印它，什么也不运行，还报告成功。",
    "& {}",
  ],
  "session-unseen": [
    "unknown",
    "{} seems to need Exchange's commands. Whether it loads the session itself is not to be seen from here.",
    "{} 看来要用 Exchange 的命令；它是否自己加载会话，从这里看不出来。",
    "RemoteExchange.ps1 and Connect-ExchangeServer at the script's beginning",
  ],
  "not-connected": [
    "warn",
    "RemoteExchange.ps1 is loaded, but Connect-ExchangeServer is not called: Exchange's commands are still missing.",
    "加载了 RemoteExchange.ps1，却没有调用 Connect-ExchangeServer：Exchange 的命令仍然不存在。",
    "Connect-ExchangeServer -auto",
  ],
  "connect-before-load": [
    "fail",
    "Connect-ExchangeServer is called before RemoteExchange.ps1, which defines it, has been loaded.",
    "Connect-ExchangeServer 由 RemoteExchange.ps1 定义，这里在加载之前就调用了它。",
    "RemoteExchange.ps1 first",
  ],
  "script-before-session": [
    "fail",
    "The script runs before the session is connected, without Exchange's commands.",
    "脚本在会话连接之前就运行，此时还没有 Exchange 的命令。",
    "the script last",
  ],
  "session-not-kept": [
    "fail",
    "RemoteExchange.ps1 is not dot-sourced: its functions are gone when it ends.",
    "RemoteExchange.ps1 没有用点号加载：它一结束，其中的函数就消失了。",
    ". '…\\RemoteExchange.ps1'",
  ],
};

const session: Text = {
  en: "Dot-source RemoteExchange.ps1, then Connect-ExchangeServer -auto, then run the script; or write the first two at the script's beginning.",
  "zh-CN":
    "先用点号加载 RemoteExchange.ps1，再执行 Connect-ExchangeServer -auto，最后运行脚本；也可以把前两步写在脚本开头。",
};
const quoting: Text = {
  en: 'For Windows put the whole path in double quotes; inside -Command "…" use single quotes and & or a dot before them.',
  "zh-CN": '给 Windows 看的路径用双引号整个括住；在 -Command "…" 里用单引号，前面加 & 或点号。',
};
const order: Text = {
  en: "Write PowerShell's own parameters first, and -File with the script last.",
  "zh-CN": "PowerShell 自己的参数写在前面，-File 和脚本写在最后。",
};

export function taskWords(code: string, value: string): Words {
  const [verdict, en, zh, expected] = rows[code] ?? ["unknown", code, code, ""];
  const fill = (text: string) => text.replace("{}", () => value);
  const fix = /session|connect/.test(code) ? session : /quote|printed/.test(code) ? quoting : order;
  return { verdict, message: { en: fill(en), "zh-CN": fill(zh) }, expected: fill(expected), fix };
}
