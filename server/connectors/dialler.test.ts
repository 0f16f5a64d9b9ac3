import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ReadError } from "./connector.ts";
import { createDialler, type DiallerOptions } from "./dialler.ts";

const everything = ["0.0.0.0/0", "::/0"];
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A loopback listener and how many connections reached it. */
async function listen(host = "127.0.0.1"): Promise<{ port: number; reached(): number }> {
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.on("error", () => undefined).end();
  });
  servers.push(server);
  await new Promise<void>((fulfil) => server.listen(0, host, fulfil));
  return { port: (server.address() as AddressInfo).port, reached: () => reached };
}

async function dial(
  host: string,
  port: number,
  options: Partial<DiallerOptions> & { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<string> {
  const { signal = AbortSignal.timeout(10_000), timeoutMs = 2_000, ...rest } = options;
  const resolve = async () => {
    throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  };
  const dialler = createDialler({ allowedRanges: [], forbidden: [], resolve, ...rest });
  try {
    const socket = await dialler.connect({ host, port }, { signal, timeoutMs });
    const address = socket.remoteAddress ?? "";
    socket.destroy();
    return address;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return `${error.reason.code}/${error.reason.detail?.split(":")[0]}`;
  }
}

/** Each is refused even where every range is open. */
const neverSpellings: [string, string[]][] = [
  ["metadata", ["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "169.254.170.2"]],
  [
    "metadata",
    ["::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "0:0:0:0:0:ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe"],
  ],
  ["metadata", ["fd00:ec2::254", "FD00:0EC2:0:0:0:0:0:0254", "fd20:ce::254", "64:ff9b::169.254.169.254"]],
  ["link-local", ["169.254.1.1", "fe80::1", "FE80::1", "febf:ffff::1", "::ffff:169.254.0.1"]],
  [
    "reserved",
    ["0.0.0.0", "0.0.0.1", "::", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.88.99.1", "ff02::1"],
  ],
  [
    "reserved",
    ["::127.0.0.1", "::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001::1"],
  ],
  [
    "reserved",
    ["fec0::1", "64:ff9b:1::7f00:1", "2001:db8::1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "100::"],
  ],
  [
    "not-a-host",
    ["2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1"],
  ],
  ["not-a-host", ["0x7f.1", "127.0.0.0x1", "00000177.0.0.1", "127.000.000.001", "127.0.0.1.", "127.0.0.1 "]],
  ["not-a-host", ["[::1]", "[127.0.0.1]", "::1%lo", "fe80::1%eth0", "fe80::1%25eth0", "::ffff:127.0.0.1%0"]],
  ["not-a-host", ["localhost.", "1２7.0.0.1", "127。0。0。1", "①27.0.0.1", "127.0.0.1\u0000", "127.0.0.1/8"]],
  ["not-a-host", ["user@127.0.0.1", "127.0.0.1#a", "127.0.0.1:80", "", ".", "a b", "-x", "0", "2852039166"]],
];

test("there are at least sixty of them", () => {
  const spellings = new Set(neverSpellings.flatMap(([, hosts]) => hosts));
  expect(spellings.size).toBeGreaterThanOrEqual(60);
});

test.each(neverSpellings.flatMap(([why, hosts]) => hosts.map((host) => [host, why] as const)))(
  "%j is refused over UDP as well",
  async (host, why) => {
    const resolve = async () => [];
    const dialler = createDialler({ allowedRanges: everything, forbidden: [], resolve });
    const options = { signal: AbortSignal.timeout(10_000), timeoutMs: 2_000 };
    const refused = dialler.datagram({ host, port: 53 }, options);
    await expect(refused).rejects.toThrow(`${why}-address`);
  },
);

test("a datagram socket sends to the address that was checked, and hears from it alone", async () => {
  const resolve = vi.fn(async () => ["169.254.169.254"]).mockResolvedValueOnce(["127.0.0.1"]);
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [], resolve });
  const options = { signal: AbortSignal.timeout(10_000), timeoutMs: 2_000, onAdmitted: vi.fn() };
  const socket = await dialler.datagram({ host: "rebinding.test", port: 53 }, options);
  expect(socket.remoteAddress()).toMatchObject({ address: "127.0.0.1", port: 53 });
  socket.close();
  expect(options.onAdmitted).toHaveBeenCalledTimes(1);
  const again = dialler.datagram({ host: "rebinding.test", port: 53 }, options);
  await expect(again).rejects.toThrow("metadata-address");
  expect(options.onAdmitted).toHaveBeenCalledTimes(1);
});

describe.each(neverSpellings)("%s is refused whatever the ranges say", (why, hosts) => {
  test.each(hosts)("%j", async (host) => {
    expect(await dial(host, 443, { allowedRanges: everything })).toBe(`refused-address/${why}-address`);
  });
});

describe("loopback and private addresses are closed until an administrator opens them", () => {
  test.each([
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.0.1"],
    ["loopback", "::1"],
    ["loopback", "0:0:0:0:0:0:0:1"],
    ["loopback", "::ffff:127.0.0.1"],
    ["loopback", "::FFFF:7F00:1"],
    ["loopback", "64:ff9b::7f00:1"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "192.168.0.1"],
    ["private", "100.64.0.1"],
    ["private", "198.18.0.1"],
    ["private", "fc00::1"],
    ["private", "fd12:3456::1"],
    ["private", "::ffff:192.168.0.1"],
    ["private", "64:ff9b::10.0.0.1"],
  ])("%s: %s", async (why, host) => {
    expect(await dial(host, 443)).toBe(`refused-address/${why}-address`);
    expect(await dial(host, 443, { allowedRanges: ["10.99.0.0/16"] })).toBe(`refused-address/${why}-address`);
  });

  test("and only those", async () => {
    const { port, reached } = await listen();
    expect(await dial("127.0.0.1", port, { allowedRanges: ["127.0.0.2/32"] })).toContain("refused-address");
    expect(reached()).toBe(0);
    expect(await dial("127.0.0.1", port, { allowedRanges: ["127.0.0.1/32"] })).toBe("127.0.0.1");
  });
});

describe("names", () => {
  const open = { allowedRanges: ["127.0.0.0/8"] };

  test("are resolved once, and what was checked is connected to", async () => {
    const { port } = await listen();
    const resolve = vi.fn(async () => ["127.0.0.1"]);
    resolve.mockResolvedValueOnce(["127.0.0.1"]).mockResolvedValue(["169.254.169.254"]);
    expect(await dial("rebinding.test", port, { ...open, resolve })).toBe("127.0.0.1");
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(await dial("rebinding.test", port, { ...open, resolve })).toBe("refused-address/metadata-address");
  });

  test.each([
    ["metadata", ["127.0.0.1", "169.254.169.254"]],
    ["metadata", ["169.254.169.254", "127.0.0.1"]],
    ["link-local", ["127.0.0.1", "fe80::1"]],
    ["reserved", ["127.0.0.1", "0.0.0.0"]],
    ["not-a-host", ["127.0.0.1", "fe80::1%eth0"]],
    ["loopback", ["::1"]],
  ])("that lead to a %s address among others are refused: %j", async (why, answers) => {
    const { port, reached } = await listen();
    const resolve = async () => answers;
    expect(await dial("mixed.test", port, { ...open, resolve })).toBe(`refused-address/${why}-address`);
    expect(reached()).toBe(0);
  });

  test("that lead to an open and a closed address use the open one", async () => {
    const { port } = await listen();
    const resolve = async () => ["10.0.0.1", "127.0.0.1"];
    expect(await dial("both.test", port, { ...open, resolve })).toBe("127.0.0.1");
  });

  test("whose first address is dead use the next", async () => {
    const { port } = await listen("127.0.0.2");
    const resolve = async () => ["127.0.0.1", "127.0.0.2"];
    expect(await dial("two.test", port, { ...open, resolve })).toBe("127.0.0.2");
  });

  test("that do not exist, or have no address, say so", async () => {
    expect(await dial("nowhere.test", 443)).toBe("unreachable/name-not-found");
    expect(await dial("empty.test", 443, { resolve: async () => [] })).toBe("unreachable/name-not-found");
  });
});

describe("our own database is never a target, even where its range is open", () => {
  const open = { allowedRanges: everything };

  test.each([
    ["the same address", "127.0.0.1", "127.0.0.1", []],
    ["another spelling", "127.0.0.1", "::ffff:127.0.0.1", []],
    ["another loopback address", "127.0.0.1", "127.0.0.9", []],
    ["the other family", "127.0.0.1", "::1", []],
    ["the same name", "db.test", "DB.test", ["127.0.0.5"]],
    ["a name that leads there", "127.0.0.1", "alias.test", ["127.0.0.1"]],
    ["a name of which one address leads there", "10.5.5.5", "alias.test", ["10.1.1.1", "10.5.5.5"]],
    ["the address of its name", "db.test", "10.5.5.5", ["10.5.5.5"]],
    ["this machine, where it listens everywhere", "0.0.0.0", "127.0.0.1", []],
  ])("%s", async (_name, database, host, answers) => {
    const { port, reached } = await listen();
    const forbidden = [{ host: database, port }];
    const resolve = async () => answers;
    expect(await dial(host, port, { ...open, forbidden, resolve })).toBe(
      "refused-address/own-database-address",
    );
    expect(reached()).toBe(0);
  });

  test("its name, although it leads elsewhere each time it is asked for", async () => {
    const { port, reached } = await listen();
    const resolve = vi.fn(async () => ["10.5.5.5"]).mockResolvedValueOnce(["127.0.0.1"]);
    const forbidden = [{ host: "DB.test", port }];
    const answer = await dial("db.test", port, { ...open, forbidden, resolve });
    expect([answer, reached()]).toEqual(["refused-address/own-database-address", 0]);
  });

  test("but another port of the same machine is", async () => {
    const { port } = await listen();
    const forbidden = [{ host: "127.0.0.1", port: port === 5432 ? 5433 : 5432 }];
    expect(await dial("127.0.0.1", port, { ...open, forbidden })).toBe("127.0.0.1");
  });
});

test.each([0, -1, 65_536, 1.5, Number.NaN])("port %d is refused", async (port) => {
  expect(await dial("127.0.0.1", port, { allowedRanges: everything })).toBe(
    "refused-address/not-a-port-address",
  );
});

test("a refused connection says that nothing listens", async () => {
  const { port } = await listen();
  const [server] = servers.splice(0);
  await new Promise((fulfil) => server?.close(fulfil));
  expect(await dial("127.0.0.1", port, { allowedRanges: everything })).toBe("unreachable/connection-refused");
});

describe("time", () => {
  const never = () => new Promise<string[]>(() => undefined);

  test("runs out during a look-up", async () => {
    expect(await dial("slow.test", 443, { resolve: never, timeoutMs: 30 })).toBe("timed-out/connect-timeout");
  });

  test("an abort ends a look-up with its own reason", async () => {
    const stop = new AbortController();
    const resolve = () => {
      stop.abort(new Error("enough"));
      return never();
    };
    await expect(dial("slow.test", 443, { resolve, signal: stop.signal })).rejects.toThrow("enough");
  });

  test("an abort beforehand asks no name server", async () => {
    const resolve = vi.fn(never);
    await expect(
      dial("slow.test", 443, { resolve, signal: AbortSignal.abort(new Error("early")) }),
    ).rejects.toThrow("early");
    expect(resolve).not.toHaveBeenCalled();
  });
});
