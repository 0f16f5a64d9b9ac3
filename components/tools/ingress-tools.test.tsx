import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const nginxConcurrency = await toolWords("nginx-concurrency");
const realClientIp = await toolWords("real-client-ip");

test("a header that anybody can write is told from the address that was counted", () => {
  const said = realClientIp();
  expect(said).toContain("the client is 192.0.2.1, from X-Original-Forwarded-For");
  expect(said).toContain("gives 203.0.113.7. Whoever sits there could have written 192.0.2.1");
  expect(realClientIp("?real-client-ip.original=3")).toContain("the client is 3,");
  expect(realClientIp("", "zh-CN")).toContain("客户端是 192.0.2.1，取自 X-Original-Forwarded-For");
  const direct = "?real-client-ip.original=&real-client-ip.forwarded=203.0.113.7";
  expect(realClientIp(direct)).toContain("gives the same: 203.0.113.7");
});

test("the commands are there once the fields are right", () => {
  const said = nginxConcurrency();
  expect(said).toContain("up to 32,768 requests at once");
  expect(said).toContain("kubectl patch configmap ingress-nginx-controller");
  expect(nginxConcurrency("?nginx-concurrency.requests=3")).toContain("is good for 3 requests");
  expect(nginxConcurrency("?nginx-concurrency.namespace=A", "zh-CN")).toContain("请先改正标出的字段");
  expect(nginxConcurrency("?nginx-concurrency.low=65535")).toContain("must be smaller than the last");
  expect(nginxConcurrency("?nginx-concurrency.worker=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});
