import { QueryClientProvider } from "@tanstack/react-query";
import { type AbstractIntlMessages, NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test, vi } from "vitest";
import type { DrainNodes } from "#common/contracts/drain.ts";
import { makeQueryClient } from "#common/query-client.ts";
import { toolMessages } from "#common/tool-messages.ts";
import { trpc } from "#components/api/trpc.ts";
import enCommon from "#messages/en/common.json" with { type: "json" };
import enDrain from "#messages/en/tool-drain.json" with { type: "json" };
import enOrder from "#messages/en/tool-drain-order.json" with { type: "json" };
import enSimulator from "#messages/en/tool-drain-simulator.json" with { type: "json" };
import enVerdict from "#messages/en/verdict.json" with { type: "json" };
import zhCommon from "#messages/zh-CN/common.json" with { type: "json" };
import zhDrain from "#messages/zh-CN/tool-drain.json" with { type: "json" };
import zhOrder from "#messages/zh-CN/tool-drain-order.json" with { type: "json" };
import zhSimulator from "#messages/zh-CN/tool-drain-simulator.json" with { type: "json" };
import zhVerdict from "#messages/zh-CN/verdict.json" with { type: "json" };
import DrainOrder from "./drain-order.tsx";
import DrainSimulator from "./drain-simulator.tsx";

/** What the page of a runbook gives a tool, and what it gives every page. */
const all = {
  en: {
    "tool-drain": enDrain,
    "tool-drain-order": enOrder,
    "tool-drain-simulator": enSimulator,
    ...{ verdict: enVerdict, common: enCommon },
  },
  "zh-CN": {
    "tool-drain": zhDrain,
    "tool-drain-order": zhOrder,
    "tool-drain-simulator": zhSimulator,
    ...{ verdict: zhVerdict, common: zhCommon },
  },
};
const idOf = (Tool: ComponentType) => (Tool === DrainOrder ? "drain-order" : "drain-simulator");
function messagesOf(Tool: ComponentType, locale: "en" | "zh-CN"): AbstractIntlMessages {
  const names = ["verdict", "common", ...toolMessages([idOf(Tool)])];
  return Object.fromEntries(Object.entries(all[locale]).filter(([name]) => names.includes(name)));
}

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useParams: () => ({ team: "ops" }),
  useSearchParams: () => new URLSearchParams(address.search),
}));

type Known = { cluster: string; nodes: DrainNodes | null };

/** The tool in words, for a team without clusters or with one of which this is known. */
function words(Tool: ComponentType, search: string, locale: "en" | "zh-CN" = "en", known?: Known): string {
  address.search = search;
  const client = makeQueryClient();
  const clusters = known ? [{ id: known.cluster, slug: known.cluster, name: known.cluster }] : [];
  client.setQueryData<unknown>(trpc.cluster.list.queryKey({ team: "ops" }), clusters);
  if (known) {
    const key = trpc.disruption.nodes.queryKey({ team: "ops", cluster: known.cluster });
    client.setQueryData<unknown>(key, known.nodes);
  }
  const markup = renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <NextIntlClientProvider
        locale={locale}
        messages={messagesOf(Tool, locale)}
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
}

describe("drain simulator", () => {
  test("without a cluster, a made-up one shows what goes wrong", () => {
    const text = words(DrainSimulator, "");
    expect(text).toContain("This is a made-up cluster of 8 nodes.");
    expect(text).toContain("Draining this node takes 1 Service down.");
    expect(text).toContain("shop/huddle loses all 2 endpoints at once until a replacement is ready.");
    expect(text).toContain("1 pod nobody makes anew shop/debug-shell");
  });

  test("budgets that refuse, room that is missing and volumes that stay behind", () => {
    const text = words(DrainSimulator, "?drain.nodes=node-1,node-4");
    expect(text).toContain("shop/ledger (minAvailable: 2) lets none of its 1 pod here go.");
    expect(text).toContain(
      "Deployment shop/cache 1 pod stays Pending: 2 nodes are drained, 6 nodes do not reach its volume",
    );
    expect(words(DrainSimulator, "?drain.nodes=node-7")).toContain("and every pod finds a place");
    expect(words(DrainSimulator, "?drain.nodes=node-3", "zh-CN")).toContain("会让 1 个 Service 不可用。");
  });

  test("the search narrows the list, and names that are no nodes are passed over", () => {
    expect(words(DrainSimulator, "?drain.find=3&drain.nodes=node-99")).toContain("1 of 8 nodes");
    expect(words(DrainSimulator, "?drain.nodes=")).toContain("Pick the nodes");
  });

  test("a cluster that no check has read, and one that was", () => {
    const unread = words(DrainSimulator, "", "en", { cluster: "prod", nodes: null });
    expect(unread).toContain("Nothing has been read of prod yet: press Run check");
    const source = {
      ...{ observedAt: new Date("2026-01-12T06:00:00Z"), by: "Ada", volumesUnread: true },
      runId: "00000000-0000-7000-8000-000000000000",
    };
    const row = { zone: "", pods: 3, controlPlane: false, ready: false, cordoned: true };
    const nodes = { source, services: 1, budgets: 0, nodes: [{ ...row, name: "live-1" }] };
    const text = words(DrainSimulator, "", "en", { cluster: "prod", nodes });
    expect(text).toContain("prod, 1 node, as a run by Ada read it 5 minutes ago");
    expect(text).toContain("Volumes could not be read");
    expect(text).toContain("live-1 cordoned not ready 3 pods");
  });
});

describe("drain order", () => {
  test("steps for what can go, and why the rest cannot", () => {
    const text = words(DrainOrder, "");
    expect(text).toContain("4 nodes of 8 can be drained in 4 steps with every Service up; 4 cannot.");
    expect(text).toContain("node-3 Service shop/solo has its only endpoint there.");
    expect(text).toContain("node-4 Budget shop/ledger (minAvailable: 2) does not let the pod there go.");
    expect(text).toContain("kubectl uncordon node-6");
  });

  test("more at once, other nodes, no nodes", () => {
    expect(words(DrainOrder, "?order.parallel=3&order.zones=false")).toContain("in 3 steps");
    expect(words(DrainOrder, "?order.find=node-7", "zh-CN")).toContain("可以分 1 步驱逐完");
    expect(words(DrainOrder, "?order.find=nothing")).toContain("No node has that in its name.");
    const odd = words(DrainOrder, "?order.parallel=-7&order.keep=1e9");
    expect(odd).not.toMatch(/NaN|Infinity|undefined/);
  });
});
