import type { Resource } from "../cluster/resources.ts";
import type { ApiObject } from "../objects/types.ts";
import { badRequest } from "./status.ts";

export type Matches = (object: ApiObject) => boolean;

/** A fieldSelector of terms `path=value`, `path==value`, `path!=value`, all of which must hold. */
export function fieldSelector(text: string, resource: Resource): Matches {
  const terms = text.split(",").filter((term) => term !== "");
  const tests = terms.map((term) => {
    const parts = /^([^=!]+)(==|!=|=)(.*)$/.exec(term.trim());
    const [, path, operator, value] = parts ?? [];
    if (path === undefined || value === undefined) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    const known = [
      "metadata.name",
      ...(resource.namespaced ? ["metadata.namespace"] : []),
      ...(resource.fields ?? []),
    ];
    if (!known.includes(path)) throw badRequest(`field label not supported: ${path}`);
    return (object: ApiObject) => (readField(object, path) === value) === (operator !== "!=");
  });
  return (object) => tests.every((test) => test(object));
}

function readField(object: ApiObject, path: string): string {
  if (path === "status.successful") path = "status.succeeded";
  if (path === "source") path = "source.component";
  const value = path
    .split(".")
    .reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
      object,
    );
  if (path === "spec.unschedulable" || path === "spec.hostNetwork") return String(value ?? false);
  return value === undefined || value === null ? "" : String(value);
}

/** A labelSelector in both forms: `a=b,c!=d` and `a in (b,c),d notin (e),f,!g`. */
export function labelSelector(text: string): Matches {
  const tokens = tokenize(text);
  const tests: ((labels: Record<string, string>) => boolean)[] = [];
  let position = 0;
  const peek = () => tokens[position] ?? "";
  const take = () => tokens[position++] ?? "";
  while (position < tokens.length) {
    tests.push(requirement(peek, take));
    if (position >= tokens.length) break;
    const separator = take();
    if (separator !== ",") throw unexpected(separator, "',' or 'end of string'");
  }
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

function tokenize(text: string): string[] {
  return text.match(/==|!=|[=!,()<>]|[^\s=!,()<>]+/g) ?? [];
}

function unexpected(found: string, expected: string) {
  return badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`);
}

const isWord = (token: string) => token !== "" && !/^[=!,()<>]/.test(token);

function requirement(peek: () => string, take: () => string) {
  if (peek() === "!") {
    take();
    const absent = word(take());
    return (labels: Record<string, string>) => !Object.hasOwn(labels, absent);
  }
  const key = word(take());
  const operator = peek();
  if (operator === "" || operator === ",")
    return (labels: Record<string, string>) => Object.hasOwn(labels, key);
  take();
  if (["=", "==", "!="].includes(operator)) {
    const value = peek() === "" || peek() === "," ? "" : word(take());
    return operator === "!="
      ? (labels: Record<string, string>) => labels[key] !== value
      : (labels: Record<string, string>) => labels[key] === value;
  }
  if (operator !== "in" && operator !== "notin") {
    throw unexpected(operator, "in, notin, =, ==, !=, gt, lt");
  }
  const values = valueSet(peek, take);
  return (labels: Record<string, string>) =>
    operator === "in" ? values.includes(labels[key] ?? "\0") : !values.includes(labels[key] ?? "\0");
}

function word(token: string): string {
  if (!isWord(token)) throw unexpected(token, "identifier");
  return token;
}

function valueSet(peek: () => string, take: () => string): string[] {
  const open = take();
  if (open !== "(") throw unexpected(open, "'('");
  const values: string[] = [];
  for (;;) {
    const token = take();
    if (token === ")") return values;
    if (token === ",") continue;
    if (!isWord(token)) throw unexpected(token, "',', or ')'");
    values.push(token);
    if (peek() !== "," && peek() !== ")") throw unexpected(peek(), "',' or ')'");
  }
}
