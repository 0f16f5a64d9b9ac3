import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { Overview } from "#common/contracts/runbook.ts";
import common from "#messages/en/common.json" with { type: "json" };
import overview from "#messages/en/overview.json" with { type: "json" };
import verdict from "#messages/en/verdict.json" with { type: "json" };
import { HeatGrid } from "./heat-grid.tsx";

vi.mock("next/navigation", () => ({
  useParams: () => ({ team: "ops" }),
  useSearchParams: () => new URLSearchParams(),
  useRouter: () => ({}),
}));

test("a column's header is its cluster's name; its last runs are a row of their own", () => {
  const cluster = { slug: "prod", name: "Prod", practice: false, production: true };
  const shown = { clusters: [{ ...cluster, strip: ["pass", "fail"] }], rows: [] } as unknown as Overview;
  const html = renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ common, overview, verdict }}>
        <HeatGrid overview={shown} />
      </NextIntlClientProvider>
    </QueryClientProvider>,
  );
  const headers = html.match(/<th .*?<\/th>/g) ?? [];
  expect(headers).toHaveLength(3);
  expect(headers.join()).not.toContain("oldest first");
  expect(html).toMatch(
    /<th scope="row"[^>]*>Last runs<\/th><td[^>]*><a[^>]*aria-label="The last 2 runs on Prod/,
  );
});
