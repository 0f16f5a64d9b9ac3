import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { correction, readDockerfile } from "./dockerfile-args.ts";

const noted = `ARG TAG=latest \\
    APP_ENV=test

FROM alpine:$TAG

ENV APP_ENV=$APP_ENV \\
    TAG=$TAG

RUN echo $TAG \\
    && echo $APP_ENV
`;

const found = (text: string) =>
  readDockerfile(text)?.problems.map(
    ({ line, column, name, problem }) => `${line}:${column} ${name} ${problem}`,
  );

test("what stands before FROM is unknown after it until it is declared again", () => {
  expect(found(noted)).toEqual(["6:13 APP_ENV not-redeclared", "7:9 TAG not-redeclared"]);
  expect(found(noted.replace("ENV APP", "ARG TAG \\\n    APP_ENV\nENV APP"))).toEqual([]);
});

test("each stage is a scope of its own, but one that stands on another has what that one has", () => {
  const text = (second: string) =>
    `ARG V=1\nFROM alpine AS base\nARG V\nRUN echo $V\nFROM ${second}\nRUN echo $V\n`;
  expect(found(text("debian"))).toEqual(["6:10 V not-redeclared"]);
  expect(found(text("base"))).toEqual([]);
  expect(found(text("Base AS next"))).toEqual([]);
});

test("FROM knows only what stands before the first FROM, and the platforms", () => {
  expect(found("FROM alpine AS a\nARG V=3\nFROM debian:$V\n")).toEqual(["3:13 V unknown-in-from"]);
  expect(found("FROM --platform=$BUILDPLATFORM alpine\nRUN echo $TARGETARCH\n")).toEqual([
    "2:10 TARGETARCH not-redeclared",
  ]);
  expect(found(["FROM debian:", "{V:-12}\n"].join("$"))).toEqual([]);
});

test("an argument is gone when the container runs, and without a shell nothing is expanded", () => {
  const with_ = (last: string) => found(`FROM alpine\nARG V=1\n${last}\n`);
  expect(with_("CMD echo $V")).toEqual(["3:10 V not-at-runtime"]);
  expect(with_("ENV V=$V\nCMD echo $V")).toEqual([]);
  expect(with_('ENV V=$V\nENTRYPOINT ["echo", "$V"]')).toEqual(["4:22 V not-expanded"]);
  expect(with_('ENV V=$V\nENTRYPOINT ["/bin/sh", "-c", "echo $V"]')).toEqual([]);
  expect(with_("HEALTHCHECK --interval=5s CMD curl http://localhost/$V")).toEqual(["3:53 V not-at-runtime"]);
});

test("a use above the declaration of its stage is told with the line of that", () => {
  const text = "FROM alpine\nRUN echo $V\nARG V=1\n";
  expect(readDockerfile(text)?.problems).toMatchObject([{ problem: "before-declaration", declaredAt: 3 }]);
});

test("a shell's own variables, single quotes, escapes and proxies are nobody's mistake", () => {
  const run = (command: string) => found(`ARG V=1\nFROM alpine\nRUN ${command}\n`);
  for (const command of [
    "V=2; echo $V",
    "for V in a b; do echo $V; done",
    "echo '$V'",
    "echo \\$V",
    "echo $OTHER",
  ])
    expect([command, run(command)]).toEqual([command, []]);
  expect(run(`echo "it's $V"`)).toEqual(["3:16 V not-redeclared"]);
  expect(found("ARG http_proxy\nFROM alpine\nRUN echo $http_proxy\n")).toEqual([]);
});

test("here-documents and another escape character are read by the builder's rules", () => {
  expect(found("ARG V=1\nFROM alpine\nRUN <<EOF\necho $V\nEOF\n")).toEqual(["4:6 V not-redeclared"]);
  const directed = "# syntax=docker/dockerfile:1\n# escape=`\nFROM debian:$SUITE\n";
  expect(readDockerfile(directed)?.problems[0]?.fix).toEqual({ after: 2, text: "ARG SUITE" });
  expect(found("# escape=`\nARG V=1 `\n  W=2\nFROM alpine\nRUN echo C:\\$V\n")).toEqual([
    "5:13 V not-redeclared",
  ]);
});

test("no FROM, no Dockerfile", () => {
  expect(readDockerfile("hello: world\n")).toBeUndefined();
  expect(readDockerfile("")).toBeUndefined();
});

test("the correction is a diff that patch applies, and the corrected file has nothing left", () => {
  const text = `${noted}CMD echo $TAG\nFROM debian\nRUN echo $TAG\nCMD echo $APP_ENV\n`;
  const folder = mkdtempSync(join(tmpdir(), "weekbook-dockerfile-"));
  try {
    const file = join(folder, "Dockerfile");
    writeFileSync(file, text);
    const { corrected, diff } = correction(text, readDockerfile(text)?.problems ?? []);
    execFileSync("git", ["apply", "-p0", "-"], { cwd: folder, input: diff });
    expect(readFileSync(file, "utf8")).toBe(corrected);
    expect(found(corrected)).toEqual([]);
    expect(correction(noted, [])).toEqual({ corrected: "", diff: "" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
