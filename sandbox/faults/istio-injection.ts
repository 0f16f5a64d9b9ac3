import { optOutLabel } from "../objects/proxy.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const webhooks = "mutatingwebhookconfigurations.admissionregistration.k8s.io";
const leftOver = "istio-sidecar-injector-1-26";
/** namespace → what it asks for: the mesh, a revision whose istiod is gone, a revision that never was */
const asks = { loyalty: "istio-injection=enabled", pricing: "istio.io/rev=1-26", ads: "istio.io/rev=canary" };

function labelled(label: string): (object: ApiObject) => ApiObject {
  const [key = "", value = ""] = label.split("=");
  return (object) => {
    const kept = Object.entries(object.metadata.labels ?? {}).filter(([name]) => !name.startsWith("istio"));
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...Object.fromEntries(kept), [key]: value } },
    };
  };
}

/** The certificate of that mesh's own authority: public, made once for this fault, good until 2051. */
const authority =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJoekNDQVMyZ0F3SUJBZ0lVVXJ3WGNpanl3RFBqQWhqbm9ZUUtDZWRoR3VNd0NnWUlLb1pJemowRUF3SXcKR0RFV01CUUdBMVVFQ2d3TlkyeDFjM1JsY2k1c2IyTmhiREFnRncweU5qRXhNamd3TlRNeE1qUmFHQTh5TURVeApNRGN5TURBMU16RXlORm93R0RFV01CUUdBMVVFQ2d3TlkyeDFjM1JsY2k1c2IyTmhiREJaTUJNR0J5cUdTTTQ5CkFnRUdDQ3FHU000OUF3RUhBMElBQkswaTA2T05wNXJmZ2VVa2FMSU5YVGk0dXFtdWM2ekNlbDJ2VGVHSHRmeTEKaERhTFZGYXFpOGtXY3pGOTlKR3BJSkM1R0JYb0pWTGwxU0pEMS9TakR0dWpVekJSTUIwR0ExVWREZ1FXQkJUdQowb2w0eXlNMm5CV0tlZ0s0ZDNWV0czWXBSakFmQmdOVkhTTUVHREFXZ0JUdTBvbDR5eU0ybkJXS2VnSzRkM1ZXCkczWXBSakFQQmdOVkhSTUJBZjhFQlRBREFRSC9NQW9HQ0NxR1NNNDlCQU1DQTBnQU1FVUNJRGZ0VnlLREpYWmcKeVVEbVA5V0RGZCtzbmRJTUVuRHJSMWcvbEpPWi9lMEhBaUVBeWdQU09TTDVsclB0NXVCam53NzZzeWZ2SVVrMQpzbjhidzdVV3JVZDFHOW89Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K";

/** What deleting the Deployment of a revision leaves behind. */
const configuration: ApiObject = {
  metadata: { name: leftOver, labels: { app: "sidecar-injector", "istio.io/rev": "1-26" } },
  webhooks: [
    {
      name: "rev.namespace.sidecar-injector.istio.io",
      clientConfig: {
        service: { namespace: "istio-system", name: "istiod-1-26", path: "/inject", port: 443 },
        caBundle: authority,
      },
      rules: [
        { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" },
      ],
      namespaceSelector: { matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["1-26"] }] },
      objectSelector: { matchExpressions: [{ key: optOutLabel, operator: "NotIn", values: ["false"] }] },
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      sideEffects: "None",
      timeoutSeconds: 10,
      admissionReviewVersions: ["v1"],
      reinvocationPolicy: "Never",
    },
  ],
};

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/istio-injection", code, verdict, subject };
}

export const fault: Fault = {
  id: "istio-injection",
  plant: () => ({
    workloads: [
      planted("Deployment", "loyalty", "points"),
      planted("Deployment", "loyalty", "point-imports", { labels: { [optOutLabel]: "false" } }),
      planted("Deployment", "pricing", "quotes", { injected: { version: "1.26.3", revision: "1-26" } }),
      planted("Deployment", "ads", "banners"),
    ],
    objects: () => new Map([[webhooks, [configuration]]]),
    changes: Object.entries(asks).map(([key, label]) => ({
      resource: "namespaces",
      key,
      edit: labelled(label),
    })),
    expected: [
      expected("pod-without-proxy", "warn", { kind: "Deployment", namespace: "loyalty", name: "points" }),
      expected("injector-service-missing", "fail", { kind: "MutatingWebhookConfiguration", name: leftOver }),
      expected("proxy-out-of-support", "fail", { kind: "Namespace", name: "pricing", part: "1.26.3" }),
      expected("no-injector", "fail", { kind: "Namespace", name: "ads" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "loyalty", name: "point-imports" },
        why: "its pod template says that it stays outside the mesh",
      },
    ],
  }),
  mend(controllers) {
    controllers.remove(webhooks, leftOver);
    for (const namespace of Object.keys(asks))
      controllers.edit("namespaces", namespace, labelled("istio-injection=enabled"));
    controllers.restartPods("Deployment", "loyalty", "points");
    controllers.restartPods("Deployment", "pricing", "quotes");
    controllers.restartPods("Deployment", "ads", "banners");
  },
};
