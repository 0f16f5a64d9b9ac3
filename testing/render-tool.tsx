import { readFileSync } from "node:fs";
import { join } from "node:path";
import { QueryClientProvider } from "@tanstack/react-query";
import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { vi } from "vitest";
import { makeQueryClient } from "#common/query-client.ts";
import { toolMessages } from "#common/tool-messages.ts";
import { trpc } from "#components/api/trpc.ts";

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useParams: () => ({ team: "ops" }),
  useSearchParams: () => new URLSearchParams(address.search),
}));

/** What the browser knows of a team without clusters. */
function nothingKnown() {
  const client = makeQueryClient();
  client.setQueryData<unknown>(trpc.cluster.list.queryKey({ team: "ops" }), []);
  return client;
}

/** What every page gives its tools; the rest is a tool's own. */
const ofEveryPage = ["common", "verdict"];
const folder = join(import.meta.dirname, "../messages");

function messagesOf(id: string, locale: string) {
  const names = [...ofEveryPage, ...toolMessages([id])];
  const read = (name: string) => JSON.parse(readFileSync(join(folder, locale, `${name}.json`), "utf8"));
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

/**
 * The tool as the server sends it for an address, as plain words: `await toolWords("raid")` gives a function of the
 * address and the language. A missing or broken message throws.
 */
export async function toolWords(id: string) {
  const { default: Tool }: { default: ComponentType } = await import(`../components/tools/${id}.tsx`);
  return (search = "", locale: "en" | "zh-CN" = "en", client = nothingKnown()): string => {
    address.search = search;
    const markup = renderToStaticMarkup(
      <QueryClientProvider client={client}>
        <NextIntlClientProvider
          locale={locale}
          messages={messagesOf(id, locale)}
          timeZone="UTC"
          now={new Date("2026-01-12T06:05:00Z")}
          onError={(error) => {
            throw error;
          }}
        >
          <Tool />
        </NextIntlClientProvider>
      </QueryClientProvider>,
    );
    return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  };
}
