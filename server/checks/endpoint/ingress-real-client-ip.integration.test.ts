import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createHttpConnector } from "#server/connectors/http/client.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { startNginx } from "#testing/nginx.ts";
import { type ScriptedHttp, scriptedHttp } from "#testing/scripted-http.ts";
import type { Service } from "#testing/service-process.ts";
import { check } from "./ingress-real-client-ip.ts";

/** A real nginx, careful in some places and not in others, in front of a back end that echoes what it received. */
let backend: ScriptedHttp;
let proxy: Service;

beforeAll(async () => {
  backend = await scriptedHttp((request, response) => {
    response.end(JSON.stringify({ remoteAddr: request.socket.remoteAddress, headers: request.headers }));
  });
  const pass = `proxy_pass http://127.0.0.1:${backend.port};`;
  proxy = await startNginx({
    locations: `
      location /anew { ${pass} proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for; }
      location /clean { ${pass} proxy_set_header X-Forwarded-For $remote_addr; }
      location /added { ${pass} proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }
      location /untouched { ${pass} }
      location /believing { ${pass} set_real_ip_from 0.0.0.0/0; real_ip_header X-Forwarded-For;
        real_ip_recursive on; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For ""; }
      location /careful { ${pass} set_real_ip_from 10.0.0.0/8; real_ip_header X-Forwarded-For;
        proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For ""; }
      location /silent { return 200 "hello"; }
      location /broken { return 503; }`,
  });
});
afterAll(async () => {
  await proxy?.stop();
  await backend?.[Symbol.asyncDispose]();
});

const ask = async (path: string, params: Record<string, unknown> = {}) => {
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
  const url = `http://127.0.0.1:${proxy.port}${path}`;
  const outcome = await runOnEndpoint(check, { url, ...params }, { http: createHttpConnector({ dialler }) });
  return [outcome.verdict, ...codesOf(outcome)];
};

test.each([
  ["/clean", ["pass", "pass header-not-believed"]],
  ["/careful", ["pass", "pass header-not-believed"]],
  ["/anew", ["pass", "pass kept-aside xoriginalforwardedfor"]],
  ["/added", ["warn", "warn client-writes-first xforwardedfor"]],
  ["/untouched", ["fail", "fail passed-on-untouched xforwardedfor"]],
  ["/believing", ["fail", "fail address-believed xrealip"]],
  ["/silent", ["unknown", "unknown no-echo"]],
  ["/broken", ["unknown", "unknown error-status status"]],
])("nginx%s", async (path, expected) => {
  expect(await ask(path)).toEqual(expected);
});

test("another header that nobody on the way knows goes through", async () => {
  expect(await ask("/clean", { header: "X-Real-IP", address: "2001:db8::77" })).toEqual([
    "fail",
    "fail address-believed xrealip",
  ]);
  expect(await ask("/untouched", { header: "Forwarded" })).toEqual([
    "fail",
    "fail passed-on-untouched forwarded",
  ]);
});
