import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { faultFindings } from "../needs/istio-fault-findings.ts";
import { listRoutes } from "../needs/istio-http-routes.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the VirtualService, part: the route. Codes: fault-on-everything (fail: every request of everybody is ended),
 * fault-left (warn), fault-never-happens (warn), deprecated-percent (warn), retries-switched-off (warn).
 */
export const check = defineCheck({
  id: "kubernetes/istio-fault-injection",
  version: 1,
  title: { en: "Faults left in Istio routes", "zh-CN": "遗留在 Istio 路由里的故障注入" },
  why: {
    en: "A fault for an exercise is a few lines in a route, and nothing ends it. What is left of it looks like an unreliable service: errors and delays that no log of that service shows.",
    "zh-CN":
      "演练用的故障只是路由里的几行，没有什么会让它自动结束。留下来的故障看起来就像服务不稳定：有错误、有延迟，可服务自己的日志里什么都没有。",
  },
  remedy: {
    en: "Remove the fault from the route and from its manifest.",
    "zh-CN": "从路由和它的清单文件里删掉故障。",
  },
  params: z.object({
    exercises: param(z.string().trim().max(500).default(""), {
      label: { en: "Namespaces with exercises", "zh-CN": "正在演练的命名空间" },
      help: {
        en: "Separated by commas; their faults are meant.",
        "zh-CN": "用逗号分隔；其中的故障是有意的。",
      },
      placeholder: "staging, chaos",
    }),
  }),
  needs: { routes: listRoutes(({ delay, abort }) => delay !== undefined || abort !== undefined) },
  judge: ({ routes }, { exercises }) => {
    const meant = new Set(exercises.split(",").map((one) => one.trim()));
    const places = routes
      .filter(({ namespace }) => !meant.has(namespace))
      .flatMap((own) => own.routes.map((route) => ({ own, route })));
    return {
      findings: places.flatMap(faultFindings),
      measurements: [
        {
          name: "routes-with-a-fault",
          value: routes.reduce((sum, one) => sum + one.routes.length, 0),
          unit: "{routes}",
          warn: { above: 0 },
        },
      ],
    };
  },
});
