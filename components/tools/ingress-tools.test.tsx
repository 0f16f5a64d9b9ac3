import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enCommon from "#messages/en/common.json" with { type: "json" };
import enNginx from "#messages/en/tool-nginx-concurrency.json" with { type: "json" };
import enClient from "#messages/en/tool-real-client-ip.json" with { type: "json" };
import zhCommon from "#messages/zh-CN/common.json" with { type: "json" };
import zhNginx from "#messages/zh-CN/tool-nginx-concurrency.json" with { type: "json" };
import zhClient from "#messages/zh-CN/tool-real-client-ip.json" with { type: "json" };
import NginxConcurrency from "./nginx-concurrency.tsx";
import RealClientIp from "./real-client-ip.tsx";

const messages = {
  en: { common: enCommon, "tool-nginx-concurrency": enNginx, "tool-real-client-ip": enClient },
  "zh-CN": { common: zhCommon, "tool-nginx-concurrency": zhNginx, "tool-real-client-ip": zhClient },
};

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useSearchParams: () => new URLSearchParams(address.search),
}));

/** The tool as the server sends it for an address, as plain words. A missing or broken message throws. */
function words(Tool: ComponentType, search: string, locale: "en" | "zh-CN" = "en"): string {
  address.search = search;
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={messages[locale]}
      timeZone="UTC"
      onError={(error) => {
        throw error;
      }}
    >
      <Tool />
    </NextIntlClientProvider>,
  );
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

test("a header that anybody can write is told from the address that was counted", () => {
  const said = words(RealClientIp, "");
  expect(said).toContain("the client is 192.0.2.1, from X-Original-Forwarded-For");
  expect(said).toContain("gives 203.0.113.7. Whoever sits there could have written 192.0.2.1");
  expect(words(RealClientIp, "?real-client-ip.original=3")).toContain("the client is 3,");
  expect(words(RealClientIp, "", "zh-CN")).toContain("客户端是 192.0.2.1，取自 X-Original-Forwarded-For");
  const direct = "?real-client-ip.original=&real-client-ip.forwarded=203.0.113.7";
  expect(words(RealClientIp, direct)).toContain("gives the same: 203.0.113.7");
});

test("the commands are there once the fields are right", () => {
  const said = words(NginxConcurrency, "");
  expect(said).toContain("up to 32,768 requests at once");
  expect(said).toContain("kubectl patch configmap ingress-nginx-controller");
  expect(words(NginxConcurrency, "?nginx-concurrency.requests=3")).toContain("is good for 3 requests");
  expect(words(NginxConcurrency, "?nginx-concurrency.namespace=A", "zh-CN")).toContain("请先改正标出的字段");
  expect(words(NginxConcurrency, "?nginx-concurrency.low=65535")).toContain("must be smaller than the last");
  expect(words(NginxConcurrency, "?nginx-concurrency.worker=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});
