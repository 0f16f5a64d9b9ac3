import { expect, test } from "vitest";
import { parseSync } from "./istio-sync.ts";

const answer = (text: string, status = 200) => ({ namespace: "istio-system", pod: "istiod-0", status, text });

test("what was sent and not acknowledged is behind; what was never sent is not", () => {
  const entry = {
    proxy: "cart-0.shop",
    cluster_sent: "b",
    cluster_acked: "a",
    route_sent: "",
    route_acked: "",
  };
  expect(parseSync([answer(JSON.stringify([entry]))])).toEqual([
    {
      namespace: "istio-system",
      pod: "istiod-0",
      status: 200,
      proxies: [{ namespace: "shop", pod: "cart-0", behind: ["CDS"] }],
    },
  ]);
  const unacked = { proxy: "a.b.shop", listener_sent: "x" };
  expect(parseSync([answer(JSON.stringify([unacked]))])[0]?.proxies).toEqual([
    { namespace: "shop", pod: "a.b", behind: ["LDS"] },
  ]);
});

test("no proxies is an answer, a page is none", () => {
  expect(parseSync([answer("null")])[0]?.proxies).toEqual([]);
  expect(parseSync([answer("Unauthorized", 401)])[0]).toMatchObject({ status: 401, proxies: [] });
  for (const text of ["<html>", '{"proxies":[]}', "[5]", '[{"proxy":"nameless"}]'])
    expect(() => parseSync([answer(text)]), text).toThrow();
});
