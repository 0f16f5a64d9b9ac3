// Makes a recorded case of a check from what a cluster answered, by running the check's own picks and parsers.
//
//   node scripts/record-facts.ts kubernetes/duplicate-pod-ip two-holders \
//     --note "recorded from a real cluster, v1.33" pods=pods.json nodes=-forbidden
//
// Each need is given as name=FILE or, for one that could not be read, name=-reason. A Kubernetes list is JSON as
// `kubectl get … -o json` prints it (or an exchange that holds such a `body`); a host file or a command's output is
// text; a glob is a folder. Needs that are left out are empty lists, or objects that do not exist. The file is named after the verdict that the
// judge comes to: read it and every expected finding before you commit it.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reasonCodes } from "#common/result.ts";
import type { Need } from "#server/checks/needs/need.ts";
import { judgeFacts } from "#server/engine/judge.ts";
import { findChecks } from "./gen/checks.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    note: { type: "string" },
    "observed-at": { type: "string", default: new Date().toISOString() },
    param: { type: "string", multiple: true, default: [] },
    /** only objects with these names, separated by commas */
    only: { type: "string" },
  },
});

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

function listItems(file: string): { metadata?: { name?: string } }[] {
  const json = JSON.parse(readFileSync(file, "utf8"));
  const items = json.items ?? json.body?.items ?? json;
  return Array.isArray(items) ? items : fail(`${file} holds no list of objects.`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

function factOf(name: string, need: Need<unknown, boolean>, source: string | undefined): unknown {
  const code = reasonCodes.find((known) => source === `-${known}`);
  if (code) return { unread: { code, what: name } };
  if (need.type === "kubernetes.list") {
    const only = values.only?.split(",");
    const objects = source === undefined ? [] : listItems(source);
    const wanted = objects.filter(({ metadata }) => only?.includes(metadata?.name ?? "") ?? true);
    return wanted.map((object) => need.pick(object)).filter((picked) => picked !== undefined);
  }
  if (need.type === "kubernetes.get") {
    if (source === undefined) return null;
    const object = JSON.parse(readFileSync(source, "utf8"));
    return need.pick(object.body ?? object);
  }
  if (need.type === "host.glob" && source === undefined) return [];
  if (source === undefined)
    return fail(`${name} (${need.type}) is missing: give ${name}=FILE or ${name}=-reason.`);
  if (need.type === "host.glob")
    return filesBelow(source).map((path) => ({
      path: path.slice(source.length),
      value: need.parse(readFileSync(path, "utf8")),
    }));
  const text = readFileSync(source, "utf8");
  if (need.type === "host.file") return need.parse(text);
  if (need.type === "host.command") return need.parse({ stdout: text, stderr: "", exitCode: 0 });
  return JSON.parse(text);
}

function paramsOf(): Record<string, unknown> {
  const given = values.param.map((pair) => {
    const [name = "", ...rest] = pair.split("=");
    const text = rest.join("=");
    return [name, /^-?\d+(\.\d+)?$|^(true|false)$/.test(text) ? JSON.parse(text) : text];
  });
  return Object.fromEntries(given);
}

const [id, name, ...sources] = positionals;
const { checks } = await findChecks(join(import.meta.dirname, ".."));
const check = checks.find((one) => one.id === id) ?? fail(`There is no check "${id}".`);
if (!name || !values.note) fail("Usage: record-facts.ts <check> <case-name> --note TEXT need=FILE …");

const given = paramsOf();
const params = check.params.parse(given) as Record<string, unknown>;
const files = new Map(
  sources.map((source) => {
    const at = source.indexOf("=");
    return [source.slice(0, at), source.slice(at + 1)] as const;
  }),
);
const needs = Object.entries(check.needs(params));
const stranger = [...files.keys()].find((given) => !needs.some(([need]) => need === given));
if (stranger !== undefined)
  fail(`${check.id} has no need "${stranger}": ${needs.map(([need]) => need).join(", ")}.`);

const facts = JSON.parse(
  JSON.stringify(
    Object.fromEntries(needs.map(([need, request]) => [need, factOf(need, request, files.get(need))])),
  ),
);
const judged = judgeFacts(check, params, facts, new Date(values["observed-at"]), []);
const expect = judged.findings.map(({ code, verdict, subject }) => ({ code, verdict, subject }));
const folder = join(import.meta.dirname, "../server/checks", `${check.id}.facts`);
const path = join(folder, `${judged.verdict}.${name}.json`);
mkdirSync(folder, { recursive: true });
const recorded = { note: values.note, observedAt: values["observed-at"], params: given, facts, expect };
writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`);
console.log(`${path}: ${judged.verdict}, ${expect.length} findings`);
