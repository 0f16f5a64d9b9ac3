import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { clientIpFindings } from "../needs/client-ip-findings.ts";
import { configured, frontNeeds, frontsOf, isOn, nginxNeeds, noController } from "../needs/ingress-nginx.ts";

/**
 * Subjects and codes: ConfigMap of a controller: spoofable (fail: forwarded headers are believed from everybody),
 * client-writes-first (warn), snippet-without-ranges (warn); Service in front of a controller: source-replaced (warn).
 * Controllers on the host network have no Service between them and the client.
 */
export const check = defineCheck({
  id: "kubernetes/ingress-real-client-ip",
  version: 1,
  title: { en: "The client's address behind ingress-nginx", "zh-CN": "ingress-nginx 之后的客户端真实地址" },
  why: {
    en: "Rate limits, allow lists and audit logs are as good as the address they see. It is either a node's, because the way in replaced it, or whatever a client wrote into a header that everybody may send.",
    "zh-CN":
      "限流、白名单和审计日志的可信度，取决于它们看到的地址。这个地址要么被入口换成了节点的，要么是客户端自己写进请求头的任意内容。",
  },
  remedy: {
    en: "Believe forwarded headers only from the ranges of the balancers in front, and keep the source address on the way to the controller.",
    "zh-CN": "只信任前面负载均衡器网段发来的转发头，并在到达控制器之前保留源地址。",
  },
  params: z.object({}),
  needs: { ...nginxNeeds, ...frontNeeds },
  judge: ({ deployments, daemonSets, settings, services }) => {
    const all = configured([...deployments, ...daemonSets], settings);
    if (all.length === 0) return noController;
    const seen = new Set<string>();
    const findings = all
      .flatMap((one) => clientIpFindings(one, frontsOf(one.controller, services)))
      .filter(({ code, subject }) => {
        // Two controllers may share a ConfigMap or a Service.
        const key = JSON.stringify([code, subject]);
        return !seen.has(key) && seen.add(key);
      });
    return {
      findings,
      measurements: [
        { name: "controllers", value: all.length, unit: "{controllers}" },
        {
          name: "controllers-that-trust-headers",
          value: all.filter(({ values }) => isOn(values["use-forwarded-headers"])).length,
          unit: "{controllers}",
        },
      ],
    };
  },
});
