import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { Fault, HttpRoute, HttpRoutes } from "./istio-http-routes.ts";

/** What to say about the faults of one route. */

type Place = { own: HttpRoutes; route: HttpRoute };

const happens = (fault: Fault | undefined): fault is Fault => (fault?.share ?? 0) > 0;

function effect({ delay, abort }: HttpRoute): Text {
  const en: string[] = [];
  const zh: string[] = [];
  if (happens(abort)) {
    en.push(`${abort.share} % of requests end with ${abort.what}`);
    zh.push(`${abort.share}% 的请求直接返回 ${abort.what}`);
  }
  if (happens(delay)) {
    en.push(`${delay.share} % wait ${delay.what}`);
    zh.push(`${delay.share}% 的请求延迟 ${delay.what}`);
  }
  return { en: en.join(", "), "zh-CN": zh.join("，") };
}

function steps({ own, route }: Place, fix: Text, patch: object[]): RemedyStep[] {
  const target = ["virtualservices.networking.istio.io", own.name, "--namespace", own.namespace];
  return [
    {
      purpose: "inspect",
      text: {
        en: "See when it was changed last, and by whom.",
        "zh-CN": "看看最后一次修改是什么时候、由谁做的。",
      },
      command: shellCommand("kubectl", "get", ...target, "--output", "yaml", "--show-managed-fields"),
    },
    {
      purpose: "fix",
      text: fix,
      command: shellCommand(
        "kubectl",
        "patch",
        ...target,
        "--type",
        "json",
        "--patch",
        JSON.stringify(patch),
      ),
    },
    {
      purpose: "verify",
      text: {
        en: `Prints nothing once ${route.at} is without a fault.`,
        "zh-CN": `${route.at} 上没有故障后，应当什么也不输出。`,
      },
      command: shellCommand(
        "kubectl",
        "get",
        ...target,
        "--output",
        `jsonpath={.spec.http[${index(route)}].fault}`,
      ),
    },
  ];
}

const index = ({ at }: HttpRoute) => /\[(\d+)\]/.exec(at)?.[1] ?? "0";

function found(place: Place, code: string, said: Omit<Finding, "code" | "subject">): Finding {
  const { own, route } = place;
  const subject = { kind: "VirtualService", namespace: own.namespace, name: own.name, part: route.at };
  return { code, subject, ...said };
}

function leftover(place: Place): Finding {
  const { own, route } = place;
  const all = !route.narrow && happens(route.abort) && (route.abort.share ?? 0) >= 100;
  const what = effect(route);
  const hosts = own.hosts.join(", ") || own.name;
  const who: Text = route.narrow
    ? { en: "the callers that its match picks", "zh-CN": "匹配到的调用方" }
    : { en: "everybody", "zh-CN": "所有调用方" };
  return found(place, all ? "fault-on-everything" : "fault-left", {
    verdict: all ? "fail" : "warn",
    message: {
      en: `${route.at} for ${hosts} injects a fault into the requests of ${who.en}: ${what.en}.`,
      "zh-CN": `${hosts} 的 ${route.at} 正在向${who["zh-CN"]}注入故障：${what["zh-CN"]}。`,
    },
    observed: what,
    expected: { en: "no fault once the exercise is over", "zh-CN": "演练结束后不再注入故障" },
    remedy: steps(
      place,
      {
        en: "If no exercise is going on, remove the fault; also from the manifest, or it comes back.",
        "zh-CN": "如果没有演练在进行，就删掉它；清单文件里也要删，否则还会回来。",
      },
      [{ op: "remove", path: `/spec/http/${index(route)}/fault` }],
    ),
  });
}

function withoutShare(place: Place): Finding {
  const { route } = place;
  return found(place, "fault-never-happens", {
    verdict: "warn",
    message: {
      en: `${route.at} of ${place.own.name} has a fault without a percentage: it is never injected, and who tests with it sees a success that proves nothing.`,
      "zh-CN": `${place.own.name} 的 ${route.at} 写了故障却没有百分比：它从不注入，用它做的测试即使成功也说明不了什么。`,
    },
    observed: { en: "no percentage", "zh-CN": "没有 percentage" },
    expected: { en: "percentage.value, or no fault", "zh-CN": "写 percentage.value，或去掉故障" },
    remedy: steps(
      place,
      {
        en: "Remove it, or write percentage: { value: … }.",
        "zh-CN": "删掉它，或写上 percentage: { value: … }。",
      },
      [{ op: "remove", path: `/spec/http/${index(route)}/fault` }],
    ),
  });
}

function oldField(place: Place, { share = 0 }: Fault): Finding {
  const path = `/spec/http/${index(place.route)}/fault/delay`;
  return found(place, "deprecated-percent", {
    verdict: "warn",
    message: {
      en: `${place.route.at} of ${place.own.name} gives the share of the delay as percent, a deprecated field of whole numbers.`,
      "zh-CN": `${place.own.name} 的 ${place.route.at} 用 percent 写延迟比例，这是已废弃的整数字段。`,
    },
    observed: `percent: ${share}`,
    expected: `percentage: { value: ${share} }`,
    remedy: steps(place, { en: "Write it as percentage.value.", "zh-CN": "改写成 percentage.value。" }, [
      { op: "remove", path: `${path}/percent` },
      { op: "add", path: `${path}/percentage`, value: { value: share } },
    ]),
  });
}

function switchedOff(place: Place): Finding {
  const { route, own } = place;
  const what = [...(route.retries ? ["retries"] : []), ...(route.timeoutMs ? ["timeout"] : [])].join(" + ");
  return found(place, "retries-switched-off", {
    verdict: "warn",
    message: {
      en: `${route.at} of ${own.name} has a fault and ${what} at once. Istio does not apply them together: what the exercise is meant to prove is not in force.`,
      "zh-CN": `${own.name} 的 ${route.at} 同时写了故障和 ${what}。Istio 不会让它们一起生效：演练想要验证的东西其实没有起作用。`,
    },
    observed: { en: `fault with ${what}`, "zh-CN": `故障与 ${what} 同时存在` },
    expected: {
      en: "the fault at another hop than the retries and limits",
      "zh-CN": "故障与重试、限制放在不同的一跳",
    },
    remedy: steps(
      place,
      {
        en: "Inject at the next hop, in the route of the service that is called, and keep the retries here.",
        "zh-CN": "把故障放到下一跳，即被调用服务自己的路由上，这里保留重试。",
      },
      [{ op: "remove", path: `/spec/http/${index(route)}/fault` }],
    ),
  });
}

export function faultFindings(place: Place): Finding[] {
  const { delay, abort, retries, timeoutMs = 0 } = place.route;
  const faults = [delay, abort].flatMap((fault) => fault ?? []);
  const active = faults.some(happens);
  return [
    ...(active ? [leftover(place)] : []),
    ...(!active ? [withoutShare(place)] : []),
    ...(delay?.deprecated ? [oldField(place, delay)] : []),
    ...(active && (retries || timeoutMs > 0) ? [switchedOff(place)] : []),
  ];
}
