import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enXds from "#messages/en/tool-xds-explorer.json" with { type: "json" };
import zhXds from "#messages/zh-CN/tool-xds-explorer.json" with { type: "json" };
import XdsExplorer from "./xds-explorer.tsx";

const messages = {
  en: { "tool-xds-explorer": enXds },
  "zh-CN": { "tool-xds-explorer": zhXds },
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
