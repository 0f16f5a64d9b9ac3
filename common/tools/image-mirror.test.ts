import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMirror, mirrorLines, mirrorSteps, mirrorStyles } from "./image-mirror.ts";

const mirror = "registry.cn-hangzhou.aliyuncs.com/kainstall";
const names = (text: string, style: (typeof mirrorStyles)[number], at = mirror) =>
  mirrorLines(text, at, style).map((line) => ("to" in line ? line.to : line.problem));

describe("images at a mirror", () => {
  test("the note's own example", () => {
    const lines = mirrorLines("k8s.gcr.io/kube-proxy:v1.20.5", mirror, "last");
    expect(lines).toEqual([{ from: "k8s.gcr.io/kube-proxy:v1.20.5", to: `${mirror}/kube-proxy:v1.20.5` }]);
    expect(mirrorSteps(lines)[1]?.code).toBe(
      `docker pull ${mirror}/kube-proxy:v1.20.5 && docker tag ${mirror}/kube-proxy:v1.20.5 k8s.gcr.io/kube-proxy:v1.20.5`,
    );
  });

  test("three ways to name them", () => {
    const image = "k8s.gcr.io/coredns/coredns:v1.8.0";
    expect(mirrorStyles.map((style) => names(image, style, "m.example:5000")[0])).toEqual([
      "m.example:5000/coredns:v1.8.0",
      "m.example:5000/coredns/coredns:v1.8.0",
      "m.example:5000/k8s.gcr.io/coredns/coredns:v1.8.0",
    ]);
    expect(names("nginx", "path", "m.example")).toEqual(["m.example/library/nginx:latest"]);
    expect(names("r.example:5000/app:1", "registry", "m.example")).toEqual([
      "m.example/r.example-5000/app:1",
    ]);
  });

  test("two that would get one name are refused, the same one twice is not", () => {
    expect(names("a.example/x/app:1 b.example/y/app:1 a.example/x/app:1", "last")).toEqual([
      `${mirror}/app:1`,
      "collision",
    ]);
    expect(names("docker.io/library/nginx:1 nginx:1", "last")).toEqual([
      `${mirror}/nginx:1`,
      `${mirror}/nginx:1`,
    ]);
  });

  test("what is no image stays out of every command", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        for (const { code } of mirrorSteps(mirrorLines(text, mirror, "path")))
          expect(code).toMatch(/^[\w ./:@&\n-]*$/);
      }),
    );
    expect(names("x;reboot $(id) 'a b'", "path")).toEqual(Array(4).fill("unreadable"));
  });

  test("what is a mirror", () => {
    expect(["m.example", "m.example:5000/k8s", "localhost/x"].every(isMirror)).toBe(true);
    expect(
      ["", "3", "team/app", "https://m.example", "m.example/", "M.example", "m.example;id"].some(isMirror),
    ).toBe(false);
  });
});
