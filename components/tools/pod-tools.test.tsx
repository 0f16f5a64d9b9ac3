import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enCommon from "#messages/en/common.json" with { type: "json" };
import enEnter from "#messages/en/tool-enter-pod.json" with { type: "json" };
import enPidOne from "#messages/en/tool-pid-1.json" with { type: "json" };
import zhCommon from "#messages/zh-CN/common.json" with { type: "json" };
import zhEnter from "#messages/zh-CN/tool-enter-pod.json" with { type: "json" };
import zhPidOne from "#messages/zh-CN/tool-pid-1.json" with { type: "json" };
import EnterPod from "./enter-pod.tsx";
import PidOne from "./pid-1.tsx";

const messages = {
  en: { common: enCommon, "tool-enter-pod": enEnter, "tool-pid-1": enPidOne },
  "zh-CN": { common: zhCommon, "tool-enter-pod": zhEnter, "tool-pid-1": zhPidOne },
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

test("PID 1: a command and where it runs become an answer and its fixes", () => {
  expect(words(PidOne, "")).toContain("PID 1 is npm; the program runs in a child process of it.");
  expect(words(PidOne, "?pid-1.command=3")).toContain("PID 1 is 3 itself. The shell before it has made way.");
  const chained = words(PidOne, "?pid-1.command=./migrate+%26%26+./server&pid-1.place=docker");
  expect(chained).toContain("SIGTERM is lost");
  expect(chained).toContain("./migrate &amp;&amp; exec ./server");
  expect(chained).toContain("docker run --init");
  expect(words(PidOne, "?pid-1.command=", "zh-CN")).toContain("没有命令时");
});

test("a pod's namespace: one command for each runtime, and none for a name that cannot be", () => {
  expect(words(EnterPod, "")).toContain("crictl inspect");
  expect(words(EnterPod, "?enter-pod.pod=3")).toContain("default/3");
  expect(words(EnterPod, "?enter-pod.runtime=docker&enter-pod.enter=all")).toContain("docker inspect");
  const wrong = words(EnterPod, "?enter-pod.pod=A_b", "zh-CN");
  expect(wrong).toContain("请先改正标出的字段");
  expect(wrong).not.toContain("nsenter");
});
