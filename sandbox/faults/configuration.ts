import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const made = "2026-01-05T08:00:00Z";
/** long after the pods of the practice cluster started */
const edited = "2026-01-11T19:30:00Z";

type Name = { namespace: string; name: string };
const missing: Name = { namespace: "checkout", name: "vouchers" };
const missingKey: Name = { namespace: "logistics", name: "routing" };
const edits: Name = { namespace: "search", name: "synonyms" };
const release: Name = { namespace: "search", name: "synonyms-v2.3.0" };
const secret: Name = { namespace: "identity", name: "mail-settings" };
const key: Name = { namespace: "payments", name: "signing" };
const broken: Name = { namespace: "storefront", name: "menu" };
const copies = ["catalogue-query", "export-query"].map((name) => ({ namespace: "recommendations", name }));
const unused: Name = { namespace: "recommendations", name: "experiment-2025" };

const query = "select sku, title, price from products where visible and stock > 0 order by title";

function map(place: Name, data: Record<string, string>, changed?: string): ApiObject {
  const entry = (time: string, manager: string) => ({
    manager,
    operation: "Update",
    apiVersion: "v1",
    time,
    fieldsType: "FieldsV1",
    fieldsV1: { "f:data": {} },
  });
  return {
    metadata: {
      ...place,
      creationTimestamp: made,
      ...(changed && { managedFields: [entry(made, "helm"), entry(changed, "kubectl-edit")] }),
    },
    data,
  };
}

function user({ namespace, name }: Name, ...maps: string[]) {
  const more = { envFrom: maps.map((one) => ({ configMapRef: { name: one } })) };
  return planted("Deployment", namespace, name, { containers: [{ more }] });
}

function finding(
  code: string,
  verdict: "warn" | "fail",
  kind: string,
  place: Partial<Name>,
): ExpectedFinding {
  return { checkId: "kubernetes/configuration", code, verdict, subject: { kind, name: "", ...place } };
}

const settings: ApiObject[] = [
  map(missingKey, { REGION: "north" }),
  map(release, { DICTIONARY: "large" }, edited),
  map(secret, { "mail.properties": "mail.host=mail.example.com\nmail.password=practice-only\n" }),
  map(key, { "signing.pem": "-----BEGIN PRIVATE KEY-----\npractice\n-----END PRIVATE KEY-----\n" }),
  map(broken, { "menu.json": '{"items": ["bread", "cheese",]}' }),
  ...copies.map((place) => map(place, { "query.sql": query })),
  map(unused, { VARIANT: "b" }),
  map({ namespace: "storefront", name: "page-template" }, { "page.json": '{"title": "{{ title }}"' }),
];

/** Settings that are missing, broken, copied, forgotten, readable by all, or other than the pods have read. */
export const fault: Fault = {
  id: "configuration",
  plant: () => ({
    workloads: [
      planted("Deployment", missing.namespace, missing.name, {
        containers: [{ more: { envFrom: [{ configMapRef: { name: "voucher-rules" } }] } }],
      }),
      planted("Deployment", missingKey.namespace, missingKey.name, {
        containers: [
          {
            more: {
              env: [
                { name: "REGION", valueFrom: { configMapKeyRef: { name: missingKey.name, key: "region" } } },
              ],
            },
          },
        ],
      }),
      user(edits, release.name),
      user({ namespace: "identity", name: "mailer" }, secret.name),
      user({ namespace: "payments", name: "signer" }, key.name),
      user({ namespace: "storefront", name: "menu-pages" }, broken.name, "page-template"),
      user({ namespace: "recommendations", name: "catalogue-feed" }, ...copies.map(({ name }) => name)),
      planted("Deployment", "checkout", "gift-notes", {
        containers: [{ more: { envFrom: [{ configMapRef: { name: "gift-note-texts", optional: true } }] } }],
      }),
    ],
    objects: () => new Map([["configmaps", settings]]),
    expected: [
      finding("missing-reference", "fail", "Deployment", missing),
      finding("missing-reference", "fail", "Deployment", missingKey),
      finding("stale-settings", "warn", "Deployment", edits),
      finding("edited-release", "warn", "ConfigMap", release),
      finding("secret-in-configmap", "warn", "ConfigMap", secret),
      finding("secret-in-configmap", "fail", "ConfigMap", key),
      finding("unparsable-value", "warn", "ConfigMap", broken),
      finding("copied-values", "warn", "Namespace", { name: "recommendations" }),
      finding("unreferenced", "warn", "Namespace", { name: "recommendations" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "checkout", name: "gift-notes" },
        why: "what it refers to is optional",
      },
      {
        subject: { kind: "ConfigMap", namespace: "storefront", name: "page-template" },
        why: "a template: it is JSON once it is filled in",
      },
    ],
  }),
  mend(controllers) {
    const put = (place: Name, data: Record<string, string>, immutable?: true) =>
      controllers.put("configmaps", { ...map(place, data), ...(immutable && { immutable }) });
    put({ namespace: missing.namespace, name: "voucher-rules" }, { LIMIT: "5" });
    put(missingKey, { region: "north" });
    put(release, { DICTIONARY: "large" }, true);
    put(secret, { "mail.properties": "mail.host=mail.example.com\n" });
    put(key, { algorithm: "ed25519" });
    put(broken, { "menu.json": '{"items": ["bread", "cheese"]}' });
    for (const { namespace, name } of [...copies.slice(1), unused])
      controllers.remove("configmaps", `${namespace}/${name}`);
    controllers.change("Deployment", "recommendations", "catalogue-feed", (spec) => ({
      ...spec,
      template: withMap(spec.template, copies[0]?.name ?? ""),
    }));
    controllers.restartPods("Deployment", edits.namespace, edits.name);
  },
};

function withMap<T extends { spec: { containers: object[] } }>(template: T, name: string): T {
  const containers = template.spec.containers.map((one) => ({
    ...one,
    envFrom: [{ configMapRef: { name } }],
  }));
  return { ...template, spec: { ...template.spec, containers } };
}
