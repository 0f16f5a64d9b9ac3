import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frozenSource, imageName, isUnpinned, parseImage } from "./image-reference.ts";

const digest = `sha256:${"0a".repeat(32)}`;

describe("image names", () => {
  test.each([
    ["nginx", "docker.io/library/nginx"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["bitnami/redis:7.4", "docker.io/bitnami/redis:7.4"],
    ["localhost/app", "localhost/app"],
    ["localhost:5000/team/app:1", "localhost:5000/team/app:1"],
    ["index.docker.io/library/nginx", "docker.io/library/nginx"],
    ["k8s.gcr.io/coredns/coredns:v1.8.0", "k8s.gcr.io/coredns/coredns:v1.8.0"],
    [`registry.k8s.io/pause:3.9@${digest}`, `registry.k8s.io/pause:3.9@${digest}`],
    ["[fd00::1]:5000/app:1", "[fd00::1]:5000/app:1"],
  ])("%s is %s", (text, name) => {
    const image = parseImage(text);
    expect(image && imageName(image)).toBe(name);
  });

  test.each(["", "Nginx", "nginx:", "a b", "nginx:1;id", "nginx@sha256:12", "-x/app", "$(id)", "a//b"])(
    "%s is none",
    (text) => expect(parseImage(text)).toBeNull(),
  );

  test("a whole name is read as it was written", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})?$/);
    const image = fc.record({
      registry: fc.tuple(word, word).map((words) => `${words.join(".")}.example`),
      repository: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("/")),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/)),
      digest: fc.constantFrom(null, digest),
    });
    fc.assert(
      fc.property(image, (one) => {
        expect(parseImage(imageName(one))).toEqual(one);
      }),
    );
  });

  test("what is pinned", () => {
    const of = (text: string) =>
      isUnpinned(parseImage(text) ?? { registry: "", repository: "", tag: "", digest: "" });
    expect([of("nginx"), of("nginx:latest"), of("nginx:1"), of(`nginx:latest@${digest}`)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    ["k8s.gcr.io/kube-proxy:v1.20.5", "registry.k8s.io/kube-proxy:v1.20.5"],
    ["eu.gcr.io/google_containers/pause:3.1", "registry.k8s.io/pause:3.1"],
    ["bitnami/redis:7.4", "docker.io/bitnamilegacy/redis:7.4"],
  ])("%s is kept as %s", (text, instead) => {
    const image = parseImage(text);
    const found = image && frozenSource(image)?.instead;
    expect(found && imageName(found)).toBe(instead);
  });

  test("others are not frozen", () => {
    for (const text of [
      "registry.k8s.io/pause:3.9",
      "gcr.io/distroless/static:nonroot",
      "example.com/bitnami/x:1",
    ]) {
      const image = parseImage(text);
      expect(image && frozenSource(image)).toBeUndefined();
    }
  });
});
