import { expect, test } from "vitest";
import { parseFailures, staleByHost } from "./istio-headless-traffic.ts";

function line(labels: Record<string, string>, value: number): string {
  const all = { reporter: "source", source_workload: "orders", response_code: "503", ...labels };
  const text = Object.entries(all).map(([name, one]) => `${name}="${one}"`);
  return `istio_requests_total{${text.join(",")}} ${value}`;
}
const host = "eureka.data.svc.cluster.local";
const answer = (text: string, status = 200) => ({ namespace: "shop", pod: "orders-0", status, text });

test("requests that got no connection are counted by host, whatever else their labels tell apart", () => {
  const text = [
    line({ destination_service: host, response_flags: "UF" }, 4),
    line({ destination_service: host, response_flags: "UF,URX", request_protocol: "http" }, 3),
    line({ destination_service: host, response_flags: "-", response_code: "200" }, 900),
    line({ destination_service: host, response_flags: "UFX" }, 9),
    line({ destination_service: host, response_flags: "UF", reporter: "destination" }, 5),
    line({ destination_service: "unknown", response_flags: "UF" }, 8),
    line({ destination_service_name: "x.y", response_flags: "UF" }, 8),
    "envoy_cluster_manager_active_clusters{} 42",
  ].join("\n");
  expect(parseFailures([answer(text), answer("", 503)])).toEqual({
    asked: 1,
    failed: [{ namespace: "shop", pod: "orders-0", host, count: 7 }],
  });
});

test("only what rose between two readings counts; a proxy that was restarted begins anew", () => {
  const at = (count: number) => ({ asked: 1, failed: [{ namespace: "shop", pod: "orders-0", host, count }] });
  const rose = (before: number, after: number) =>
    staleByHost([
      { at: 0, value: at(before) },
      { at: 5000, value: at(after) },
    ]).get(host);
  expect(rose(7, 9)).toMatchObject({ requests: 2, seconds: 5 });
  expect(rose(7, 7)).toBeUndefined();
  expect(rose(7, 1)).toBeUndefined();
});
