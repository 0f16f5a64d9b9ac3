import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NextIntlClientProvider } from "next-intl";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import common from "#messages/en/common.json" with { type: "json" };
import history from "#messages/en/history.json" with { type: "json" };
import SavedViews from "./saved-views.tsx";

const nothing = { on: null, runbook: null, check: null, verdict: null, person: null, words: null };

test("the server, which does not know the reader's days, gives no address of an export to take", () => {
  const html = renderToString(
    <QueryClientProvider client={new QueryClient()}>
      <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ common, history }}>
        <SavedViews
          team="ops"
          value={{ ...nothing, view: "runs", last: null, from: "2026-01-05", to: "2026-01-06" }}
        />
      </NextIntlClientProvider>
    </QueryClientProvider>,
  );
  expect(html).toMatch(/class="invisible".*\/api\/views\/ops\/runs\?format=csv"/);
  expect(html).not.toContain("2026-01");
});
