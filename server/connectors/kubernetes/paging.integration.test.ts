import { afterEach, describe, expect, test } from "vitest";
import {
  failureOf,
  inTurn,
  listOf,
  listPods,
  sampleToken,
  startScripted,
} from "#testing/kubernetes-client.ts";
import { type Recording, readRecording } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";

const pods = { kind: kinds.Pod };
const page1 = readRecording("210-pods-page-1-limit10");
const page2 = withoutCount(readRecording("211-pods-page-2-limit10"));
const lastPage = readRecording("212-pods-last-page-limit10");
const expired = readRecording("500-410-continue-expired");
const inconsistent = readRecording("501-continue-inconsistent");

type Page = { metadata: { continue?: string }; items: { metadata: { name: string; uid: string } }[] };
function pageOf({ body }: Recording): Page {
  return body as Page;
}
/** The recording holds a few of its objects only: what it says of the rest is not true of them. */
function withoutCount(recording: Recording): Recording {
  const { items, metadata } = pageOf(recording);
  return { ...recording, body: { items, metadata: { continue: metadata.continue } } };
}
const tokenOf = (recording: Recording) => pageOf(recording).metadata.continue ?? "";
const uidsOf = (...recordings: Recording[]) =>
  recordings.flatMap((recording) => pageOf(recording).items.map(({ metadata }) => metadata.uid));

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
  test("is read page by page to its end, the token passed on as it came", async () => {
    const awkward = "a+b/c=&limit=1#%20é";
    const started = await start((request) => {
      const token = request.query.get("continue");
      if (token === null) return page1;
      if (token === tokenOf(page1))
        return { ...page2, body: { ...pageOf(page2), metadata: { continue: awkward } } };
      return token === awkward ? lastPage : { status: 400, body: "a token that was not given" };
    });
    const remaining: (number | undefined)[] = [];
    const outcome = await started.connector.list(
      pods,
      (_items, left) => remaining.push(left),
      started.context,
    );
    expect(outcome).toEqual({ objects: 7, missing: [] });
    expect(remaining).toEqual([172, undefined, undefined]);
    expect(started.counts).toMatchObject({ calls: 3, throttled: 0 });
    expect(started.api.requests.map(({ query }) => query.get("limit"))).toEqual(["500", "500", "500"]);
    expect(started.api.requests[2]?.url).toContain("continue=a%2Bb%2Fc%3D%26limit%3D1%23%2520%C3%A9");
    for (const { url } of started.api.requests) expect(url).not.toContain("resourceVersion");
  });

  test("carries its selectors and the credential", async () => {
    const { connector, context, api } = await start(inTurn(lastPage), { pageSize: 7 });
    const request = { ...pods, labelSelector: "app in (a, b)", fieldSelector: "status.phase!=Running" };
    await connector.list(request, () => undefined, context);
    expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({
      limit: "7",
      labelSelector: "app in (a, b)",
      fieldSelector: "status.phase!=Running",
    });
    expect(api.requests[0]?.headers.authorization).toBe(`Bearer ${sampleToken}`);
  });

  test("whose items are null is empty", async () => {
    const started = await start(inTurn({ status: 200, body: { metadata: {}, items: null } }));
    expect(await listPods(started)).toEqual({ objects: 0, missing: [], uids: [] });
  });

  test("that expires half-way begins again once and is complete", async () => {
    const started = await start(inTurn(page1, expired, page1, page2, lastPage));
    const outcome = await listPods(started);
    expect(outcome).toEqual({ objects: 7, missing: [], uids: uidsOf(page1, page2, lastPage) });
    expect(started.api.requests.map(({ query }) => query.get("continue"))).toEqual([
      null,
      tokenOf(page1),
      null,
      tokenOf(page1),
      tokenOf(page2),
    ]);
  });

  test("that expires twice takes the rest as it is offered and says so", async () => {
    const started = await start(inTurn(page1, expired, page1, expired, inconsistent, lastPage));
    const outcome = await listPods(started);
    expect(outcome.uids).toEqual(uidsOf(page1, inconsistent, lastPage));
    expect(outcome.missing).toMatchObject([{ code: "changed-while-reading", what: "list pods" }]);
    expect(started.api.requests[4]?.query.get("continue")).toBe(tokenOf(expired));
  });

  test("that begins again for a reader who cannot drop what came gives each object once, and says so", async () => {
    const { connector, context } = await start(inTurn(page1, expired, page1, page2, lastPage));
    const seen: unknown[] = [];
    const outcome = await connector.list(pods, (items) => seen.push(...items), context);
    expect(seen).toHaveLength(7);
    expect(outcome).toMatchObject({ objects: 7, missing: [{ code: "changed-while-reading" }] });
  });

  test("that expires for ever ends as an error", async () => {
    const started = await start(inTurn(page1, expired));
    expect(await failureOf(listPods(started))).toBe("changed-while-reading/list-expired");
  });

  test("of more pages than allowed is marked as truncated", async () => {
    let page = 0;
    const started = await start(() => listOf([`p${++page}`], { continue: `t${page}` }), { maxPages: 3 });
    expect(await listPods(started)).toMatchObject({
      objects: 3,
      missing: [{ code: "truncated", what: "list pods", detail: expect.stringContaining("page-limit") }],
    });
    expect(started.api.requests).toHaveLength(3);
  });

  test("that offers the same page again and again ends as an error", async () => {
    const started = await start(inTurn(page1));
    expect(await failureOf(listPods(started))).toBe("malformed/paging-loop");
  });

  test.each([
    [
      "an empty page for a token it no longer knows",
      [listOf(["a"], { continue: "t", remainingItemCount: 9 }), listOf([])],
    ],
    ["an end with objects left", [listOf(["a"], { remainingItemCount: 9 })]],
  ])("that ends before what was announced has come is no whole list: %s", async (_case, answers) => {
    const outcome = await listPods(await start(inTurn(...answers)));
    expect(outcome).toMatchObject({
      objects: 1,
      missing: [{ code: "truncated", detail: expect.stringContaining("list-short: 9 ") }],
    });
  });

  test("of a core kind that is not served comes from something else, and of another kind is not served", async () => {
    const notFound = { status: 404, headers: { "content-type": "text/plain" }, body: "404 page not found\n" };
    const started = await start(() => notFound);
    expect(await failureOf(listPods(started))).toBe("malformed/not-kubernetes");
    const jobs = started.connector.list({ kind: kinds.Job }, () => {}, started.context);
    expect(await failureOf(jobs)).toBe("not-served/kind-not-served");
  });
});
