import { expect, test } from "vitest";
import { clashes, sameConfiguration, unmatched } from "./port-bindings.ts";
import { type Binding, bindingsOf, parseDockerPorts, publishedPortsScript } from "./published-ports.ts";

const at = (hostPort: string, ip = "", port = "80/tcp"): Binding => ({ port, ip, hostPort });

test("the script holds nothing that sudoers could not", () => {
  expect(publishedPortsScript).not.toMatch(/["\n]/);
});

test("a label named like a key does not pass for the container's name, nor a policy for one", () => {
  const lines = [
    "root /d",
    "file abc",
    '"PortBindings":null',
    '"Name":"always"',
    '"Name":"/srv"',
    '"Name":"/web"',
    "still abc",
    "whole",
  ];
  const [file] = parseDockerPorts({ stdout: lines.join("\n") }).files;
  expect(file).toEqual({ id: "abc", name: "web", bindings: [], publishAll: false, startsAlone: true });
});

test("a container that is gone when the reading ends is left out", () => {
  expect(parseDockerPorts({ stdout: "root /d\nfile abc\nwhole" }).files).toEqual([]);
});

test("what is not bindings is null, not none", () => {
  expect(bindingsOf("{")).toBeNull();
  expect(bindingsOf("null")).toEqual([]);
  expect(bindingsOf('{"80/tcp":null}')).toEqual([]);
});

test("a free port, a range and an engine's own default address hold whatever was chosen", () => {
  for (const configured of [at(""), at("0"), at("32000-33000"), at("32768"), at("32768", "0.0.0.0")])
    expect(unmatched([configured], [at("32768", "0.0.0.0"), at("32768", "::")])).toEqual({
      missing: [],
      extra: [],
    });
  expect(unmatched([at("80")], [at("80", "127.0.0.1")]).missing).toEqual([]);
  for (const other of [at("81"), at("80", "10.0.0.1"), at("80", "", "80/udp"), at("8000-8010")])
    expect(unmatched([other], [at("80", "0.0.0.0")]).missing).toEqual([other]);
});

test("order and the way all addresses are written make no difference", () => {
  expect(sameConfiguration([at("1"), at("2")], [at("2"), at("1", "0.0.0.0")])).toBe(true);
  expect(sameConfiguration([at("1")], [at("1"), at("2")])).toBe(false);
});

test("two places clash where port, protocol and an address meet", () => {
  expect(clashes(at("80"), at("80", "127.0.0.1", "8080/tcp"))).toBe(true);
  expect(clashes(at("80", "10.0.0.1"), at("80", "10.0.0.2"))).toBe(false);
  expect(clashes(at("80"), at("80", "", "80/udp"))).toBe(false);
  expect(clashes(at(""), at(""))).toBe(false);
});
