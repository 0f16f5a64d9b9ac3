import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const imageMirror = await toolWords("image-mirror");
const ipvsService = await toolWords("ipvs-service");
const packetPath = await toolWords("packet-path");

test("the way of a packet: what is rewritten, what the wrapper takes, and who picks an endpoint", () => {
  const service = packetPath();
  expect(service).toContain("6 steps. The destination is rewritten once, on the client&#x27;s own node");
  expect(service).toContain("pods must not send packets larger than 1,450 bytes");
  expect(service).toContain("10.244.1.5 → to 10.244.2.7 around it: 192.168.10.11 → 192.168.10.12");
  expect(packetPath("?packet-path.endpoints=4")).toContain("0.25, 0.333, 0.5, 1");
  const outside = "?packet-path.goal=outside&packet-path.network=cilium-vxlan&packet-path.proxy=ebpf";
  expect(packetPath(outside, "zh-CN")).toContain("共 4 步。源地址会变成节点地址");
});

test("images at a mirror: new names, how to fill it and how to undo; a wrong mirror gets no commands", () => {
  const text = imageMirror();
  expect(text).toContain("2 images are rewritten.");
  expect(text).toContain(
    "skopeo copy --all docker://k8s.gcr.io/coredns/coredns:v1.8.0 docker://registry.cn-hangzhou.aliyuncs.com/kainstall/coredns:v1.8.0",
  );
  expect(text).toContain("docker rmi k8s.gcr.io/kube-proxy:v1.20.5");
  const images = encodeURIComponent("a.test/one/web:1\nb.test/two/web:1\n???");
  const clash = imageMirror(`?image-mirror.images=${images}`);
  expect(clash).toContain("another image already gets this name");
  expect(clash).toContain("no image&#x27;s name");
  const wrong = imageMirror("?image-mirror.mirror=HTTPS://x", "zh-CN");
  expect(wrong).toContain("仓库地址要带点号或端口");
  expect(wrong).not.toContain("skopeo");
});

test("an IPVS service by hand: commands and their undo, or what is wrong with which field", () => {
  const text = ipvsService();
  expect(text).toContain("ipvsadm --add-service --tcp-service 169.254.11.2:80 --scheduler rr");
  expect(text).toContain("ipvsadm --delete-service --tcp-service 169.254.11.2:80");
  const wrong = ipvsService("?ipvs-service.service=127.0.0.1:80&ipvs-service.servers=a", "zh-CN");
  expect(wrong).toContain("127.0.0.1:80：环回、组播和保留地址不能用在这里。");
  expect(wrong).toContain("a 不是带端口（1 到 65535）的 IPv4 地址。");
  expect(wrong).not.toContain("ipvsadm --add");
});

test.each([
  [packetPath, "?packet-path.endpoints=1000000000&packet-path.mtu=-5"],
  [ipvsService, "?ipvs-service.servers="],
  [imageMirror, "?image-mirror.images="],
])("an address out of range is brought into it", (words, search) => {
  expect(words(search)).not.toMatch(/NaN|Infinity|undefined/);
});
