import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enPath from "#messages/en/tool-sidecar-path.json" with { type: "json" };
import enXds from "#messages/en/tool-xds-explorer.json" with { type: "json" };
import zhPath from "#messages/zh-CN/tool-sidecar-path.json" with { type: "json" };
import zhXds from "#messages/zh-CN/tool-xds-explorer.json" with { type: "json" };
import SidecarPath from "./sidecar-path.tsx";
import XdsExplorer from "./xds-explorer.tsx";

const messages = {
  en: { "tool-xds-explorer": enXds, "tool-sidecar-path": enPath },
  "zh-CN": { "tool-xds-explorer": zhXds, "tool-sidecar-path": zhPath },
};

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useSearchParams: () => new URLSearchParams(address.search),
}));

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

test("xDS: what a change carries, and to how many", () => {
  expect(words(XdsExplorer, "")).toContain("EDS: 40 of 120 proxies hear of it.");
  expect(words(XdsExplorer, "?xds.change=service&xds.concerned=120")).toContain(
    "CDS → EDS → LDS → RDS: 120 of 120 proxies hear of it.",
  );
  expect(words(XdsExplorer, "?xds.change=gateway&xds.concerned=2")).toContain(
    "connections that go through it",
  );
  expect(words(XdsExplorer, "?xds.change=workload-certificate", "zh-CN")).toContain(
    "120 个代理里有 1 个会收到",
  );
  expect(words(XdsExplorer, "?xds.proxies=-5&xds.concerned=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});

test("sidecar path: which port of the proxy takes a connection, or none", () => {
  expect(words(SidecarPath, "")).toContain("Port 8080 is redirected to 15001");
  expect(words(SidecarPath, "?sidecar-path.way=inbound")).toContain("Port 8080 is redirected to 15006");
  expect(words(SidecarPath, "?sidecar-path.exclude-out=3306,8080")).toContain("Port 8080 is not redirected");
  expect(words(SidecarPath, "?sidecar-path.as-proxy=true", "zh-CN")).toContain("端口 8080 没有被重定向");
  expect(words(SidecarPath, "?sidecar-path.exclude-in=http")).toContain("Ports from 1 to 65535");
  expect(words(SidecarPath, "?sidecar-path.port=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});
