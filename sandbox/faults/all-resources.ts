import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";

const stored = "apiservices.apiregistration.k8s.io";

/** An API that somebody else serves: its registration is there, its server is not. */
function api(version: string, group: string, service: string, message: string): ApiObject {
  return {
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      service: { namespace: "monitoring", name: service, port: 443 },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
    status: {
      conditions: [
        {
          type: "Available",
          status: "False",
          reason: "ServiceNotFound",
          message,
          lastTransitionTime: "2026-01-12T05:30:00Z",
        },
      ],
    },
  };
}

const leftOver = [
  { version: "v1beta2", group: "custom.metrics.k8s.io", service: "prometheus-adapter" },
  { version: "v1", group: "packages.operators.example.com", service: "package-server" },
];

function expected({ version, group }: (typeof leftOver)[number]): ExpectedFinding {
  return {
    checkId: "kubernetes/all-resources",
    code: "api-not-answering",
    verdict: "fail",
    subject: { kind: "APIService", name: `${version}.${group}` },
  };
}

export const fault: Fault = {
  id: "all-resources",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          stored,
          leftOver.map(({ version, group, service }) =>
            api(version, group, service, `service/${service} in "monitoring" is not present`),
          ),
        ],
      ]),
    expected: leftOver.map(expected),
    decoys: [
      {
        subject: { kind: "APIService", name: "v1beta1.metrics.k8s.io" },
        why: "it is served by another server as well, and that one answers",
      },
    ],
  }),
  mend(controllers) {
    for (const { version, group } of leftOver) controllers.remove(stored, `${version}.${group}`);
  },
};
