import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

type Source = {
  kind: "Deployment" | "StatefulSet";
  namespace: string;
  name: string;
  image: string;
  code: string;
  better: string;
};

const sources: Source[] = [
  {
    ...{ kind: "Deployment", namespace: "search", name: "echo", code: "frozen-registry" },
    ...{
      image: "k8s.gcr.io/e2e-test-images/agnhost:2.33",
      better: "registry.k8s.io/e2e-test-images/agnhost:2.53",
    },
  },
  {
    ...{ kind: "StatefulSet", namespace: "checkout", name: "basket-cache", code: "frozen-registry" },
    ...{ image: "bitnami/redis:7.4.1", better: "redis:8.2.1" },
  },
  {
    ...{ kind: "Deployment", namespace: "storefront", name: "ribbon", code: "unpinned-tag" },
    ...{ image: "registry.example.com/shop/ribbon:latest", better: "registry.example.com/shop/ribbon:1.4.0" },
  },
  {
    ...{ kind: "Deployment", namespace: "payments", name: "rates", code: "unpinned-tag" },
    ...{ image: "registry.example.com/shop/rates", better: "registry.example.com/shop/rates:0.9.2" },
  },
];

function expected({ kind, namespace, name, code }: Source): ExpectedFinding {
  return { checkId: "kubernetes/image-sources", code, verdict: "warn", subject: { kind, namespace, name } };
}

/** Images of registries that nobody fills any more, and images without a version. */
export const fault: Fault = {
  id: "image-sources",
  plant: () => ({
    workloads: [
      ...sources.map(({ kind, namespace, name, image }) =>
        planted(kind, namespace, name, { containers: [{ image }] }),
      ),
      planted("Deployment", "identity", "pinned", {
        containers: [{ image: `registry.example.com/shop/api:latest@sha256:${"5e".repeat(32)}` }],
      }),
    ],
    expected: sources.map(expected),
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "identity", name: "pinned" },
        why: "the digest says which image it is, whatever the tag says",
      },
    ],
  }),
  mend(controllers) {
    for (const { kind, namespace, name, better } of sources)
      controllers.change(kind, namespace, name, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          spec: {
            ...spec.template.spec,
            containers: spec.template.spec.containers.map((one) => ({ ...one, image: better })),
          },
        },
      }));
  },
};
