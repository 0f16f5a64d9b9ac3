import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type IpvsInput,
  ipvsProblems,
  ipvsProtocols,
  ipvsSchedulers,
  ipvsSteps,
  returnPaths,
} from "./ipvs-service.ts";

const note: IpvsInput = {
  service: "169.254.11.2:80",
  servers: "192.168.77.140:8080 192.168.77.141:8080",
  protocol: "tcp",
  scheduler: "rr",
  returnPath: "rule",
};

const code = (input: IpvsInput, id: string) => ipvsSteps(input).find((step) => step.id === id)?.code ?? "";

describe("what is refused", () => {
  test.each([
    ["0.0.0.0:80", "not-usable"],
    ["127.0.0.1:80", "not-usable"],
    ["224.0.0.1:80", "not-usable"],
    ["169.254.11.2", "malformed"],
    ["169.254.11.2:0", "malformed"],
    ["169.254.11.2:65536", "malformed"],
    ["169.254.011.2:80", "malformed"],
    ["169.254.11.2:80;reboot", "malformed"],
    ["[fd00::1]:80", "malformed"],
    ["169.254.11.2:80=1", "malformed"],
  ])("%s as the service", (service, problem) => {
    expect(ipvsProblems({ ...note, service })).toEqual([{ field: "service", code: problem }]);
    expect(ipvsSteps({ ...note, service })).toEqual([]);
  });

  test.each([
    ["", "none"],
    ["10.0.0.1:80 10.0.0.1:80=2", "twice"],
    ["169.254.11.2:81", "is-service"],
    ["10.0.0.256:80", "malformed"],
    ["255.255.255.255:80", "not-usable"],
  ])("%s as the servers", (servers, problem) => {
    expect(ipvsProblems({ ...note, servers }).map((one) => one.code)).toEqual([problem]);
  });
});

describe("a real shell runs the scripts", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ipvs-"));
    // Each stand-in writes down how it was called. Nothing is there yet: looking fails, making works.
    for (const name of ["ipvsadm", "iptables", "ipset", "ip", "sysctl", "modprobe"]) {
      const looks = '[ "$3" = -C ] && exit 1; [ "$1 $2" = "link show" ] && exit 1; ';
      writeFileSync(
        join(folder, name),
        `#!/bin/sh\n${looks}{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >> "$LOG"\n`,
      );
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function calls(script: string): string[] {
    const log = join(folder, "log");
    writeFileSync(log, "");
    const environment = [`PATH=${folder}:/usr/bin:/bin`, `LOG=${log}`];
    execFileSync("env", ["-i", ...environment, "/bin/sh", "-c", script], { stdio: "ignore" });
    return readFileSync(log, "utf8").trim().split("\n");
  }

  test("the note's service with one rule", () => {
    const made = calls(code(note, "apply"));
    expect(made).toContain(
      "iptables [-t] [nat] [-A] [POSTROUTING] [-m] [ipvs] [--vproto] [tcp] [--vaddr] [169.254.11.2] [--vport] [80] [-j] [MASQUERADE]",
    );
    expect(made.filter((call) => call.startsWith("ipvsadm [--add-server]"))).toHaveLength(2);
    expect(calls(code(note, "undo"))[0]).toBe("ipvsadm [--delete-service] [--tcp-service] [169.254.11.2:80]");
  });

  const address = fc.tuple(
    fc.integer({ min: 1, max: 126 }),
    fc.nat(255),
    fc.nat(255),
    fc.nat(255),
    fc.integer({ min: 1, max: 65_535 }),
  );
  const input = fc.record({
    service: fc.constant("169.254.11.2:80"),
    servers: fc
      .uniqueArray(
        address.map(([a, b, c, d, port]) => `${a}.${b}.${c}.${d}:${port}`),
        { minLength: 1, maxLength: 3 },
      )
      .map((list) => list.join(", ")),
    protocol: fc.constantFrom(...ipvsProtocols),
    scheduler: fc.constantFrom(...ipvsSchedulers),
    returnPath: fc.constantFrom(...returnPaths),
  });

  test("every rule, chain, set, address and server that is made is taken away again", () => {
    fc.assert(
      fc.property(input, (one) => {
        const made = calls(code(one, "apply"));
        const gone = calls(code(one, "undo"));
        const rules = (all: string[], flag: string) =>
          all.flatMap((call) => (call.includes(`[${flag}]`) ? [call.replace(`[${flag}]`, "")] : [])).sort();
        expect(rules(gone, "-D")).toEqual(rules(made, "-A"));
        expect(rules(gone, "-X")).toEqual(rules(made, "-N"));
        expect(gone.some((call) => call.startsWith("ipset [destroy]"))).toBe(one.returnPath === "set");
        expect(gone).toContain("ip [address] [del] [169.254.11.2/32] [dev] [svc]");
      }),
      { numRuns: 12 },
    );
  });
});
