import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { failureOf, inTurn, listPods, startScripted } from "#testing/kubernetes-client.ts";
import { readRecording } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";

const pods = { kind: kinds.Pod };
const lastPage = readRecording("212-pods-last-page-limit10");

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(...args: Parameters<typeof startScripted>) {
  const started = await startScripted(...args);
  closers.push(started.close);
  return started;
}

describe("a list", () => {
  test.each([
    ["no JSON", "<html>hello</html>"],
    ["JSON that is cut", '{"metadata":{},"items":[{"metadata":{'],
    ["an array", "[]"],
    ["a list without items", '{"metadata":{}}'],
    ["a list without metadata", '{"items":[]}'],
    ["nothing", ""],
  ])("that is %s ends as an error, never as an empty list", async (_name, body) => {
    const started = await start(inTurn({ status: 200, body }));
    expect(await failureOf(listPods(started))).toMatch(/^malformed\//);
  });

  test("packed with gzip is unpacked, and counted as received", async () => {
    const items = Array.from({ length: 2_000 }, (_, index) => ({
      metadata: { name: "x", uid: `u${index}` },
    }));
    const packed = gzipSync(JSON.stringify({ metadata: {}, items }));
    const started = await start((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
      return undefined;
    });
    expect((await listPods(started)).objects).toBe(2_000);
    expect(started.counts.bytes).toBe(packed.length);
    expect(started.api.requests[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  test.each([false, true])("larger than the limit ends as an error (packed: %s)", async (isGzip) => {
    const body = `{"metadata":{},"items":[${" ".repeat(3 << 20)}]}`;
    const started = await start(
      (_request, response) => {
        if (!isGzip) return { status: 200, body };
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(body));
        return undefined;
      },
      { maxBodyBytes: 1 << 20 },
    );
    expect(await failureOf(listPods(started))).toBe("truncated/answer-too-large");
  });

  test.each([
    ["with a length", { "content-length": "5000" }],
    ["in chunks", {}],
    ["packed", { "content-encoding": "gzip" }],
  ] as const)("cut off %s is read again, and ends as an error", async (_name, headers) => {
    const whole = Buffer.from(JSON.stringify(lastPage.body));
    const bytes = "content-encoding" in headers ? gzipSync(whole) : whole;
    const started = await start((_request, response) => {
      response.writeHead(200, headers);
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      return undefined;
    });
    const onPage = vi.fn();
    const reading = started.connector.list(pods, onPage, started.context);
    expect(await failureOf(reading)).toBe("unreachable/connection-cut");
    expect(onPage).not.toHaveBeenCalled();
    expect(started.api.requests).toHaveLength(4);
  });

  test("cut off once is complete", async () => {
    let isFirst = true;
    const started = await start((_request, response) => {
      if (!isFirst) return lastPage;
      isFirst = false;
      response.writeHead(200, { "content-length": "5000" });
      response.write("{", () => response.destroy());
      return undefined;
    });
    expect(await listPods(started)).toMatchObject({ objects: 2, missing: [] });
  });
});
