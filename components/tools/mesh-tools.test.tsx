import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const sidecarPath = await toolWords("sidecar-path");
const xdsExplorer = await toolWords("xds-explorer");

test("xDS: what a change carries, and to how many", () => {
  expect(xdsExplorer()).toContain("EDS: 40 of 120 proxies hear of it.");
  expect(xdsExplorer("?xds.change=service&xds.concerned=120")).toContain(
    "CDS → EDS → LDS → RDS: 120 of 120 proxies hear of it.",
  );
  expect(xdsExplorer("?xds.change=gateway&xds.concerned=2")).toContain("connections that go through it");
  expect(xdsExplorer("?xds.change=workload-certificate", "zh-CN")).toContain("120 个代理里有 1 个会收到");
  expect(xdsExplorer("?xds.proxies=-5&xds.concerned=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});

test("sidecar path: which port of the proxy takes a connection, or none", () => {
  expect(sidecarPath()).toContain("Port 8080 is redirected to 15001");
  expect(sidecarPath("?sidecar-path.way=inbound")).toContain("Port 8080 is redirected to 15006");
  expect(sidecarPath("?sidecar-path.exclude-out=3306,8080")).toContain("Port 8080 is not redirected");
  expect(sidecarPath("?sidecar-path.as-proxy=true", "zh-CN")).toContain("端口 8080 没有被重定向");
  expect(sidecarPath("?sidecar-path.exclude-in=http")).toContain("Ports from 1 to 65535");
  expect(sidecarPath("?sidecar-path.port=1e99")).not.toMatch(/NaN|Infinity|undefined/);
});
