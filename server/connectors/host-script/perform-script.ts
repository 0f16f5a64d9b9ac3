import type { HostActiveOutput, HostActiveRequest } from "../../checks/needs/need.ts";
import { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import { sudoRefusal } from "./command-answer.ts";
import { splitFrames } from "./frames.ts";
import { quote } from "./quote.ts";
import { environment, maxFileBytes } from "./roots.ts";

type Request = Omit<HostActiveRequest, "parse">;

/**
 * One POSIX shell script that does something active and leaves nothing behind. Its input stays open as long as we
 * live: when it ends, a watcher ends the command, and the shell removes the folder as it does in any other case.
 */
export function performScript(request: Request, boundary: string): string {
  const { argv, limitSeconds, workBelow = "/tmp", collect } = request;
  const seconds = Math.max(1, Math.ceil(limitSeconds));
  const words = argv.map((word) => word.split("{work}").map(quote).join('"$w"')).join(" ");
  const [tool] = argv;
  return `main() { b=${quote(boundary)}; umask 077; cd / || exit 1
said() { printf '\\n%s %s\\n' "$b" "$1"; }
has() { case $1 in */*) [ -x "$1" ];; *) for d in ${environment.PATH.replaceAll(":", " ")}; do [ -f "$d/$1" ] && [ -x "$d/$1" ] && return 0; done; return 1;; esac; }
for t in timeout mktemp ${request.sudo ? "id " : ""}${collect ? "head base64 " : ""}${quote(tool.split("{work}").join("./"))}; do has "$t" || { said "tool $t"; exit 0; }; done
w=; q=; watch=
tidy() { trap '' HUP INT TERM PIPE; [ -n "$watch" ] && kill "$watch" 2>/dev/null; if [ -n "$q" ]; then kill "$q" 2>/dev/null; wait "$q" 2>/dev/null; fi; [ -n "$w" ] && rm -rf -- "$w"; }
trap tidy EXIT; trap 'exit 143' HUP INT TERM PIPE
w=$(mktemp -d ${quote(`${workBelow}/weekbook.XXXXXXXX`)}) || { w=; said folder; exit 0; }
set -- ${words}
${request.sudo ? `[ "$(id -u)" = 0 ] || { has sudo || { said "tool sudo"; exit 0; }; set -- sudo -n -- timeout -k 2 ${seconds} "$@"; }` : ""}
${collect && request.sudo ? ownedBefore(collect) : ""}
read -r from x </proc/uptime
said out; said err >&2
(cd "$w" && exec timeout -k 2 ${seconds} "$@") </dev/null 3<&- & q=$!
( cat <&3 >/dev/null; kill "$q" ) >/dev/null 2>&1 & watch=$!
exec 3<&-
wait "$q"; r=$?; q=
read -r to x </proc/uptime
said "end $r $from $to"; said end >&2
${collect ? collecting(collect) : ""}
exit 0; }
exec 3<&0
main </dev/null
`;
}

/** What root writes into a file that is ours already stays ours to read. */
function ownedBefore({ file }: NonNullable<Request["collect"]>): string {
  return `: >"$w"/${quote(file)}`;
}

function collecting({ file, maxBytes }: NonNullable<Request["collect"]>): string {
  const limit = Math.max(0, Math.floor(maxBytes));
  return `f="$w"/${quote(file)}
if [ -L "$f" ] || [ ! -f "$f" ]; then said nothing; else said file; head -c ${limit + 1} -- "$f" | base64; said filed; fi`;
}

/** Reads the script's output back. */
export function performOutput(
  request: Request,
  output: { stdout: Buffer; stderr: Buffer; boundary: string },
): HostActiveOutput {
  const what = `run ${request.argv.join(" ")}`;
  const frames = splitFrames(output.stdout, output.boundary);
  const frame = (kind: string) => frames.find((each) => each.kind === kind);
  const errors = splitFrames(output.stderr, output.boundary).find(({ kind }) => kind === "err");
  const tool = frame("tool")?.words[0];
  if (tool) throw readError("tool-missing", what, "tool-missing", `${tool} is not installed`);
  if (frame("folder")) {
    const sentence = `no folder could be made below ${request.workBelow ?? "/tmp"}`;
    throw readError("not-permitted", what, "no-folder", sentence);
  }
  const [out, end] = [frame("out"), frame("end")];
  if (!out || !end || !errors) {
    const said = output.stderr.toString("utf8").trim().split("\n").at(-1)?.slice(0, 200) ?? "";
    throw readError("server-error", what, "no-exit", `how it ended was not told ${said}`.trim());
  }
  if (out.content.length > maxFileBytes || errors.content.length > maxFileBytes) {
    throw readError("truncated", what, "output-too-large", "it wrote more than 1 MiB");
  }
  const exitCode = Number(end.words[0]);
  const tookSeconds = Number(end.words[2]) - Number(end.words[1]);
  const timedOut = [124, 137].includes(exitCode) && tookSeconds >= Math.ceil(request.limitSeconds) - 0.05;
  const texts = { stdout: out.content.toString("utf8"), stderr: errors.content.toString("utf8") };
  const refusal = request.sudo ? sudoRefusal(request.argv, { exitCode, ...texts }) : undefined;
  if (refusal) throw new ReadError(refusal);
  return { ...texts, exitCode, timedOut, ...collected(request, frame("file")?.content, what) };
}

function collected(request: Request, content: Buffer | undefined, what: string) {
  if (!request.collect || !content) return {};
  const bytes = Buffer.from(content.toString("latin1"), "base64");
  if (bytes.length > request.collect.maxBytes) {
    const sentence = `${request.collect.file} is larger than ${request.collect.maxBytes} bytes`;
    throw readError("truncated", what, "file-too-large", sentence);
  }
  return { collectedBase64: bytes.toString("base64") };
}
