import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { bindingFindings, pickBinding } from "../needs/access-bindings.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { pickNamedToken, pickTokenSecret, tokenFindings } from "../needs/lasting-tokens.ts";
import { isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { credentialFindings } from "../needs/own-credential.ts";
import { param } from "../needs/param.ts";

const days = z.number().int().min(0).max(3650);

/**
 * Subjects and codes:
 * - User, this credential: credential-expired (fail), credential-expires-soon (warn, fail), token-without-end,
 *   credential-in-masters, credential-may-everything (warn).
 * - ClusterRoleBinding, RoleBinding: anonymous-binding (fail), everybody-binding (warn; fail for cluster-admin),
 *   cluster-admin-binding (warn). Those that every cluster has are passed over.
 * - Namespace; affected: its Secrets: lasting-token (warn). Where Secrets may not be read, those that ServiceAccounts
 *   name are known all the same.
 * - Cluster, part roleBindings: not-read (unknown).
 */
export const check = defineCheck({
  id: "kubernetes/authentication-methods",
  version: 1,
  title: { en: "Who can sign in, how, and for how long", "zh-CN": "谁能登录、怎么登录、能用多久" },
  why: {
    en: "A credential outlives the reason it was made for: a token in a Secret never ends, a certificate in system:masters cannot be withdrawn, and a binding to everybody is found by whoever looks for one.",
    "zh-CN":
      "凭据往往比当初的用途活得更久：Secret 里的令牌永不过期，system:masters 的证书无法收回，而授予所有人的绑定，总会被有心人找到。",
  },
  remedy: {
    en: "Give people and programs credentials that end and roles they need, and take away what was given to everybody.",
    "zh-CN": "给人和程序有期限的凭据和恰好够用的角色，收回授予所有人的权限。",
  },
  params: z.object({
    warnDays: param(days.default(14), {
      label: { en: "Warn when the credential ends within", "zh-CN": "凭据剩余天数不足时警告" },
      unit: "d",
    }),
    failDays: param(days.default(3), {
      label: { en: "Fail when it ends within", "zh-CN": "剩余天数不足时判为失败" },
      unit: "d",
    }),
  }),
  needs: {
    identity: kubernetes.identity({}),
    everything: optional(kubernetes.review({ verb: "*", group: "*", resource: "*" })),
    clusterRoleBindings: kubernetes.list(kinds.ClusterRoleBinding, pickBinding),
    roleBindings: optional(kubernetes.list(kinds.RoleBinding, pickBinding)),
    serviceAccounts: kubernetes.list(kinds.ServiceAccount, pickNamedToken),
    tokens: optional(
      kubernetes.list(kinds.Secret, pickTokenSecret, {
        fieldSelector: "type=kubernetes.io/service-account-token",
      }),
    ),
  },
  judge: (facts, limits, { observedAt: now }) => {
    const { identity, everything, clusterRoleBindings, roleBindings, serviceAccounts } = facts;
    const bindings = [...clusterRoleBindings, ...(isUnread(roleBindings) ? [] : roleBindings)];
    const tokens = isUnread(facts.tokens) ? serviceAccounts.flat() : facts.tokens;
    const mayEverything = isUnread(everything) ? undefined : everything.allowed;
    const daysLeft =
      identity.expiresAt === null
        ? undefined
        : Math.floor((Date.parse(identity.expiresAt) - now.getTime()) / 86_400_000);
    return {
      findings: [
        ...credentialFindings(identity, mayEverything, now, limits),
        ...bindingFindings(bindings),
        ...tokenFindings(tokens),
        ...notReadFinding("roleBindings", roleBindings),
      ],
      measurements: [
        { name: "lasting-tokens", value: tokens.length, unit: "{secrets}", warn: { above: 0 } },
        ...(daysLeft === undefined
          ? []
          : [
              {
                name: "credential-days-left",
                value: daysLeft,
                unit: "d",
                warn: { below: limits.warnDays },
                fail: { below: limits.failDays },
              },
            ]),
      ],
    };
  },
});
