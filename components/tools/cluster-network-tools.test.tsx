import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enCommon from "#messages/en/common.json" with { type: "json" };
import enMirror from "#messages/en/tool-image-mirror.json" with { type: "json" };
import enIpvs from "#messages/en/tool-ipvs-service.json" with { type: "json" };
import enPath from "#messages/en/tool-packet-path.json" with { type: "json" };
import zhCommon from "#messages/zh-CN/common.json" with { type: "json" };
import zhMirror from "#messages/zh-CN/tool-image-mirror.json" with { type: "json" };
import zhIpvs from "#messages/zh-CN/tool-ipvs-service.json" with { type: "json" };
import zhPath from "#messages/zh-CN/tool-packet-path.json" with { type: "json" };
import ImageMirror from "./image-mirror.tsx";
import IpvsService from "./ipvs-service.tsx";
import PacketPath from "./packet-path.tsx";

const messages = {
  en: {
    common: enCommon,
    "tool-image-mirror": enMirror,
    "tool-ipvs-service": enIpvs,
    "tool-packet-path": enPath,
  },
  "zh-CN": {
    common: zhCommon,
    "tool-image-mirror": zhMirror,
    "tool-ipvs-service": zhIpvs,
    "tool-packet-path": zhPath,
  },
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

test("the way of a packet: what is rewritten, what the wrapper takes, and who picks an endpoint", () => {
  const service = words(PacketPath, "");
  expect(service).toContain("6 steps. The destination is rewritten once, on the client&#x27;s own node");
  expect(service).toContain("pods must not send packets larger than 1,450 bytes");
  expect(service).toContain("10.244.1.5 → to 10.244.2.7 around it: 192.168.10.11 → 192.168.10.12");
  expect(words(PacketPath, "?packet-path.endpoints=4")).toContain("0.25, 0.333, 0.5, 1");
  const outside = "?packet-path.goal=outside&packet-path.network=cilium-vxlan&packet-path.proxy=ebpf";
  expect(words(PacketPath, outside, "zh-CN")).toContain("共 4 步。源地址会变成节点地址");
});

test("images at a mirror: new names, how to fill it and how to undo; a wrong mirror gets no commands", () => {
  const text = words(ImageMirror, "");
  expect(text).toContain("2 images are rewritten.");
  expect(text).toContain(
    "skopeo copy --all docker://k8s.gcr.io/coredns/coredns:v1.8.0 docker://registry.cn-hangzhou.aliyuncs.com/kainstall/coredns:v1.8.0",
  );
  expect(text).toContain("docker rmi k8s.gcr.io/kube-proxy:v1.20.5");
  const images = encodeURIComponent("a.test/one/web:1\nb.test/two/web:1\n???");
  const clash = words(ImageMirror, `?image-mirror.images=${images}`);
  expect(clash).toContain("another image already gets this name");
  expect(clash).toContain("no image&#x27;s name");
  const wrong = words(ImageMirror, "?image-mirror.mirror=HTTPS://x", "zh-CN");
  expect(wrong).toContain("仓库地址要带点号或端口");
  expect(wrong).not.toContain("skopeo");
});

test("an IPVS service by hand: commands and their undo, or what is wrong with which field", () => {
  const text = words(IpvsService, "");
  expect(text).toContain("ipvsadm --add-service --tcp-service 169.254.11.2:80 --scheduler rr");
  expect(text).toContain("ipvsadm --delete-service --tcp-service 169.254.11.2:80");
  const wrong = words(IpvsService, "?ipvs-service.service=127.0.0.1:80&ipvs-service.servers=a", "zh-CN");
  expect(wrong).toContain("127.0.0.1:80：环回、组播和保留地址不能用在这里。");
  expect(wrong).toContain("a 不是带端口（1 到 65535）的 IPv4 地址。");
  expect(wrong).not.toContain("ipvsadm --add");
});

test.each([
  [PacketPath, "?packet-path.endpoints=1000000000&packet-path.mtu=-5"],
  [IpvsService, "?ipvs-service.servers="],
  [ImageMirror, "?image-mirror.images="],
])("an address out of range is brought into it", (Tool, search) => {
  expect(words(Tool, search)).not.toMatch(/NaN|Infinity|undefined/);
});
