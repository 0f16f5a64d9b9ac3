import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type HttpRoute, type HttpRoutes, time } from "./istio-http-routes.ts";

/** Retries and time limits of one route that do not do what they say. */

type Place = { own: HttpRoutes; route: HttpRoute };
type Sentence = { message: Text; observed: Words; expected: Words; fix: Text };

/** Only with one of these is a try that took too long tried again; the defaults are none of them. */
const afterTimeout = new Set(["5xx", "gateway-error", "reset"]);
/** What holds where retryOn is not written. */
const defaultRetryOn = "connect-failure,refused-stream,unavailable,cancelled";
const known = new Set([
  ...["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited"],
  ...[
    "retriable-4xx",
    "refused-stream",
    "retriable-status-codes",
    "retriable-headers",
    "http3-post-connect-failure",
  ],
  ...["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"],
]);

function found(code: string, { own, route }: Place, { fix, ...said }: Sentence): Finding {
  const { namespace, name } = own;
  const where = ["--namespace", namespace];
  const inspect: RemedyStep = {
    purpose: "inspect",
    text: { en: "Read the route as it is.", "zh-CN": "查看路由的现状。" },
    command: shellCommand(
      ...["kubectl", "get", "virtualservices.networking.istio.io", name, ...where, "--output", "yaml"],
    ),
  };
  const verify: RemedyStep = {
    purpose: "verify",
    text: {
      en: "See what a proxy made of it: numRetries, perTryTimeout and timeout of its route. Take a pod that calls this host.",
      "zh-CN": "在调用方的某个 Pod 上查看代理最终的配置：路由里的 numRetries、perTryTimeout 和 timeout。",
    },
    command: `istioctl proxy-config routes "$POD" ${shellCommand(...where)} --output json`,
  };
  return {
    verdict: "warn",
    code,
    subject: { kind: "VirtualService", namespace, name, part: route.at },
    ...said,
    remedy: [inspect, { purpose: "fix", text: fix }, verify],
  };
}

function timing(place: Place, attempts: number): Finding[] {
  const { timeoutMs = 0, retries } = place.route;
  const { perTryMs = 0, on = [] } = retries ?? {};
  const { name } = place.own;
  const tries = attempts + 1;
  if (perTryMs > 0 && timeoutMs > 0 && tries * perTryMs > timeoutMs) {
    const fit = Math.max(1, Math.floor(timeoutMs / perTryMs));
    return [
      found("tries-exceed-timeout", place, {
        message: {
          en: `${place.route.at} of ${name} allows ${tries} tries of ${time(perTryMs)} each, ${time(tries * perTryMs)} in all, but ends the request after ${time(timeoutMs)}: if tries are slow, ${fit === 1 ? "only the first fits" : `only ${fit} of them fit`}.`,
          "zh-CN": `${name} 的 ${place.route.at} 最多尝试 ${tries} 次，每次 ${time(perTryMs)}，共需 ${time(tries * perTryMs)}，但整个请求到 ${time(timeoutMs)} 就结束：响应慢时只来得及尝试 ${fit} 次。`,
        },
        observed: `${tries} × ${time(perTryMs)} = ${time(tries * perTryMs)}`,
        expected: {
          en: `timeout of at least ${time(tries * perTryMs)}, now ${time(timeoutMs)}`,
          "zh-CN": `timeout 至少 ${time(tries * perTryMs)}，现在是 ${time(timeoutMs)}`,
        },
        fix: {
          en: `Shorten perTryTimeout to ${time(Math.floor(timeoutMs / tries))}, allow fewer attempts, or raise the timeout to more than ${time(tries * perTryMs)} (pauses between tries come on top, from 25 ms).`,
          "zh-CN": `把 perTryTimeout 缩短到 ${time(Math.floor(timeoutMs / tries))}，减少 attempts，或把 timeout 提高到 ${time(tries * perTryMs)} 以上（重试之间还有从 25 ms 起的间隔）。`,
        },
      }),
    ];
  }
  if (perTryMs === 0 && timeoutMs > 0 && (on.length === 0 || on.some((one) => afterTimeout.has(one))))
    return [
      found("no-per-try-timeout", place, {
        message: {
          en: `${place.route.at} of ${name} retries ${attempts} times, but a try may take the whole timeout of ${time(timeoutMs)}: a pod that hangs is never tried again.`,
          "zh-CN": `${name} 的 ${place.route.at} 允许重试 ${attempts} 次，但单次尝试可以占满整个 ${time(timeoutMs)} 的超时：遇到卡住的 Pod 就没有机会重试。`,
        },
        observed: { en: "no perTryTimeout", "zh-CN": "没有 perTryTimeout" },
        expected: {
          en: `perTryTimeout of at most ${time(Math.floor(timeoutMs / tries))}`,
          "zh-CN": `perTryTimeout 不超过 ${time(Math.floor(timeoutMs / tries))}`,
        },
        fix: {
          en: `Set perTryTimeout to ${time(Math.floor(timeoutMs / tries))} or less.`,
          "zh-CN": `把 perTryTimeout 设为 ${time(Math.floor(timeoutMs / tries))} 或更短。`,
        },
      }),
    ];
  return [];
}

function conditions(place: Place): Finding[] {
  const { perTryMs, on = [] } = place.route.retries ?? {};
  const { name } = place.own;
  const strange = on.filter((one) => !known.has(one) && !/^[1-5]\d\d$/.test(one));
  const findings: Finding[] = [];
  if (strange.length > 0)
    findings.push(
      found("unknown-retry-on", place, {
        message: {
          en: `${place.route.at} of ${name} retries on ${strange.join(", ")}, which Envoy does not know and passes over.`,
          "zh-CN": `${name} 的 ${place.route.at} 的 retryOn 写了 ${strange.join("、")}，Envoy 不认识，会直接忽略。`,
        },
        observed: on.join(","),
        expected: {
          en: "5xx, gateway-error, reset, connect-failure, retriable-4xx, … or a status code",
          "zh-CN": "5xx、gateway-error、reset、connect-failure、retriable-4xx……或状态码",
        },
        fix: { en: "Correct the condition.", "zh-CN": "改正重试条件。" },
      }),
    );
  if (on.length === 0)
    findings.push(
      found("no-retry-on", place, {
        message: {
          en: `${place.route.at} of ${name} does not say when to retry. The default covers requests that were never handled (${defaultRetryOn}), no answer of 5xx${perTryMs ? ", and no try that took too long: perTryTimeout then ends the request" : " and no timeout"}.`,
          "zh-CN": `${name} 的 ${place.route.at} 没有写明什么情况下重试。默认条件只包括未被处理的请求（${defaultRetryOn}），不包括 5xx 响应${perTryMs ? "，也不包括单次超时：perTryTimeout 一到，请求就结束了" : "和超时"}。`,
        },
        observed: { en: "no retryOn", "zh-CN": "没有 retryOn" },
        expected: {
          en: "retryOn: gateway-error,reset,connect-failure,refused-stream or similar",
          "zh-CN": "retryOn: gateway-error,reset,connect-failure,refused-stream 之类",
        },
        fix: {
          en: "Write retryOn. Take 5xx or reset only where a request may safely be handled twice.",
          "zh-CN": "写明 retryOn。只有请求被处理两次也无妨时，才使用 5xx 或 reset。",
        },
      }),
    );
  else if (perTryMs && !on.some((one) => afterTimeout.has(one)))
    findings.push(
      found("timeout-not-retried", place, {
        message: {
          en: `${place.route.at} of ${name} limits a try to ${time(perTryMs)}, but ${on.join(",")} does not retry one that took too long: the request ends after ${time(perTryMs)}.`,
          "zh-CN": `${name} 的 ${place.route.at} 把单次尝试限制为 ${time(perTryMs)}，但 ${on.join(",")} 并不会重试超时的尝试：请求到 ${time(perTryMs)} 就结束了。`,
        },
        observed: on.join(","),
        expected: {
          en: "gateway-error, 5xx or reset among them",
          "zh-CN": "其中有 gateway-error、5xx 或 reset",
        },
        fix: {
          en: "Add gateway-error, or drop perTryTimeout in favour of timeout.",
          "zh-CN": "加上 gateway-error，或去掉 perTryTimeout，只用 timeout。",
        },
      }),
    );
  return findings;
}

/** What is wrong with the retries and limits of one route, seen by itself. */
export function retryFindings(own: HttpRoutes, route: HttpRoute, mostAttempts: number): Finding[] {
  const place = { own, route };
  const attempts = route.retries?.attempts;
  // Absent is the default of two, which nobody chose; 0 switches retries off.
  if (attempts === undefined || attempts <= 0) return [];
  const findings = [...conditions(place), ...timing(place, attempts)];
  if (attempts > mostAttempts)
    findings.push(
      found("many-attempts", place, {
        message: {
          en: `${route.at} of ${own.name} sends a failing request up to ${attempts + 1} times. When the service is down because of load, this multiplies the load.`,
          "zh-CN": `${own.name} 的 ${route.at} 会把失败的请求最多发送 ${attempts + 1} 次。如果服务正是被压垮的，这会让压力成倍增加。`,
        },
        observed: `attempts: ${attempts}`,
        expected: { en: `at most ${mostAttempts}`, "zh-CN": `不超过 ${mostAttempts} 次` },
        fix: {
          en: `Allow ${mostAttempts} or fewer, and limit all retries of the destination with connectionPool.http.maxRetries of its DestinationRule.`,
          "zh-CN": `减少到 ${mostAttempts} 次以内，并在 DestinationRule 里用 connectionPool.http.maxRetries 限制对目标的重试总量。`,
        },
      }),
    );
  return findings;
}

/** Two proxies on the way of one request that both retry: the tries multiply. */
export function stacked(outer: Place, inner: Place): Finding {
  const [one, other] = [outer, inner].map(({ route }) => (route.retries?.attempts ?? 0) + 1);
  const all = (one ?? 1) * (other ?? 1);
  const inside = `${inner.own.namespace}/${inner.own.name}`;
  return found("retries-stacked", outer, {
    message: {
      en: `${outer.route.at} of ${outer.own.name} retries (${one} tries) and sends to a gateway where ${inside} retries again (${other} tries): one request may arrive ${all} times.`,
      "zh-CN": `${outer.own.name} 的 ${outer.route.at} 会重试（共 ${one} 次），它发往的网关上 ${inside} 又会重试（共 ${other} 次）：一个请求最多可能到达 ${all} 次。`,
    },
    observed: { en: `${one} × ${other} = ${all} tries`, "zh-CN": `${one} × ${other} = ${all} 次尝试` },
    expected: { en: "retries in one place", "zh-CN": "只在一处重试" },
    fix: {
      en: "Retry at the hop nearest to the destination only: set attempts: 0 in the outer route.",
      "zh-CN": "只在离目标最近的一跳重试：把外层路由的 attempts 设为 0。",
    },
  });
}
