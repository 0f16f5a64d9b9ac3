import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "ingress-nginx";
const busy = "busy-ingress-controller";
const plain = "plain-ingress-controller";
const tuned = "tuned-ingress-controller";

function expected(code: string, kind: string, name: string): ExpectedFinding {
  return {
    checkId: "kubernetes/nginx-ingress-high-concurrency",
    code,
    verdict: "warn",
    subject: { kind, namespace, name },
  };
}

const writesFiles = "sysctl -w net.core.somaxconn=65535 && sysctl -w fs.file-max=1048576";

function controller(name: string, more: Record<string, unknown> = {}) {
  return planted("Deployment", namespace, name, {
    containers: [
      {
        name: "controller",
        image: "registry.k8s.io/ingress-nginx/controller:v1.13.3",
        args: [
          "/nginx-ingress-controller",
          `--configmap=$(POD_NAMESPACE)/${name}`,
          `--ingress-class=${name}`,
          `--controller-class=example.com/${name}`,
        ],
      },
    ],
    ...more,
  });
}

const raised = {
  "keep-alive-requests": "10000",
  "max-worker-connections": "0",
  "upstream-keepalive-connections": "1000",
};
const settings = (name: string, data: Record<string, string>): ApiObject => ({
  metadata: { namespace, name },
  data,
});

/** Controllers whose connections end too early, and one that changes its node. */
export const fault: Fault = {
  id: "nginx-ingress-high-concurrency",
  plant: () => ({
    workloads: [
      controller(busy, {
        initContainers: [
          {
            name: "kernel",
            image: "registry.example.com/shop/api:3.14.2",
            more: {
              command: ["sh", "-c", writesFiles],
              securityContext: { privileged: true },
            },
          },
        ],
      }),
      controller(plain),
      controller(tuned),
    ],
    objects: () =>
      new Map([
        [
          "configmaps",
          [
            settings(busy, { ...raised, "keep-alive-requests": "10", "upstream-keepalive-connections": "0" }),
            settings(plain, { "worker-shutdown-timeout": "240s" }),
            settings(tuned, raised),
          ],
        ],
      ]),
    expected: [
      expected("below-default", "ConfigMap", busy),
      expected("writes-node-parameters", "Deployment", busy),
      expected("below-high-load", "ConfigMap", plain),
    ],
    decoys: [
      {
        subject: { kind: "ConfigMap", namespace, name: tuned },
        why: "0 worker connections lets the controller take as many as files may be open",
      },
    ],
  }),
  mend(controllers) {
    for (const name of [busy, plain])
      controllers.edit("configmaps", `${namespace}/${name}`, (object) => ({ ...object, data: raised }));
    controllers.change("Deployment", namespace, busy, (spec) => {
      const { initContainers: _, ...pod } = spec.template.spec;
      return { ...spec, template: { ...spec.template, spec: pod } };
    });
  },
};
