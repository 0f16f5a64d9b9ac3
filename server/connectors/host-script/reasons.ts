import type { Reason } from "#common/result.ts";
import type { HostFactRequest } from "../connector.ts";
import { readError } from "../read-error.ts";
import { outside } from "./roots.ts";

export function whatOfRequest(request: HostFactRequest): string {
  if (request.type === "command") return whatOf("", request);
  return whatOf(request.type === "file" ? request.path : request.pattern, request);
}

/** What a request does with a path, in the words of its reasons. */
function whatOf(path: string, request: HostFactRequest): string {
  return request.type === "command" ? `run ${request.argv.join(" ")}` : `read ${path}`;
}

/** A reason the script told with one of its words. */
export function toldReason(word: string, path: string, request: HostFactRequest): Reason {
  const what = whatOf(path, request);
  switch (word) {
    case "list":
      return readError("not-permitted", `list ${path}`, "not-permitted", "this user may not list it").reason;
    case "gone":
      return readError("not-found", what, "not-found", "it does not exist on this machine").reason;
    case "outside":
      return outside(what).reason;
    case "other":
      return readError("not-permitted", what, "not-a-file", "it is not a regular file").reason;
    case "tool":
      return readError("tool-missing", what, "tool-missing", `${path} is not installed`).reason;
    case "denied":
      return request.type === "command"
        ? readError("not-permitted", what, "not-permitted", `${path} may not be run (EACCES)`).reason
        : denied(what, "EACCES");
    default:
      return readError("malformed", what, "mixed-up", "its content could not be told from its neighbours'")
        .reason;
  }
}

/** A reason in the words of a tool that tried: C locale, as glibc and musl write them. */
export function failedRead(error: string, path: string, request: HostFactRequest): Reason {
  const what = whatOf(path, request);
  if (/No such (file|process|device)|Not a directory/.test(error)) return toldReason("gone", path, request);
  if (/Permission denied/.test(error)) return denied(what, "EACCES");
  if (/Operation not permitted/.test(error)) return denied(what, "EPERM");
  if (/Is a directory/.test(error)) return toldReason("other", path, request);
  const tool = /(?:^|\s)(head|stat|readlink)(?:$|: (?:not found|command not found))/m.exec(error)?.[1];
  if (tool) {
    const sentence = `${tool} is not installed (package coreutils, or busybox)`;
    return readError("tool-missing", what, "tool-missing", sentence).reason;
  }
  const last = error.trim().split(": ").at(-1) || "no reason given";
  return readError("server-error", what, "read-failed", `reading failed (${last})`).reason;
}

export function tooLarge(path: string): Reason {
  return readError("truncated", `read ${path}`, "file-too-large", "it is larger than 1 MiB").reason;
}

function denied(what: string, code: string): Reason {
  return readError("not-permitted", what, "not-permitted", `this user may not read it (${code})`).reason;
}
