import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";

/** Certificates of authorities, in DER: public, made once for this fault. */
const ended = // 2024-01-11 to 2026-01-09
  "MIIBUzCB+6ADAgECAgECMAoGCCqGSM49BAMCMBoxGDAWBgNVBAMTD2ltYWdlLXBvbGljeS1jYTAeFw0yNDAxMTEwNTAwMDBaFw0yNjAxMDkwNTAwMDBaMBoxGDAWBgNVBAMTD2ltYWdlLXBvbGljeS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDRTygIzuwDbtxGuSILOzrWUQyuotn2VWbdXVWULGtcu5aKXe23SZxlYwzR7ug/vT1GxUYcjWZncpGJjMDJL90ujMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFKKU7ycffj8UpJUgmpT1sICWFRnwMAoGCCqGSM49BAMCA0cAMEQCIDT28SRH95xcgdIuuolhBnWKxNCe6+5eq+7WuQTCLeY/AiBBHI9xc7WCbp3x4NovVBVa0ImrySlCgAVSrLF4xsH2Vg==";
const renewed = // to 2046
  "MIIBVDCB+6ADAgECAgEDMAoGCCqGSM49BAMCMBoxGDAWBgNVBAMTD2ltYWdlLXBvbGljeS1jYTAeFw0yNTEwMjQwNTAwMDBaFw00NjExMjMwNTAwMDBaMBoxGDAWBgNVBAMTD2ltYWdlLXBvbGljeS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC4i1/pJo3+oUFy3mbzbL7AFKfAh86dIAJdiCmsW67Zo37klxu8ogdKh3RLN8ExayV3N5LrUjnNu/i6lYnoz4MqjMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFLK/mClXBNmfnlGnIXupFsPN1lnpMAoGCCqGSM49BAMCA0gAMEUCIQDbR1AUaQxHr9mkBCyz2D7/JDX4zfmC8HLlAGnu42MCCwIgXftccLk4AqUhCpxu60XDihuK/wpzlV+UozaqNmj4sjw=";
const formerRoot =
  "MIIBVDCB+6ADAgECAgEEMAoGCCqGSM49BAMCMBoxGDAWBgNVBAMTD2t1YmVybmV0ZXMtMjAyMTAeFw0yMTEyMjQwNTAwMDBaFw0zMTEyMjIwNTAwMDBaMBoxGDAWBgNVBAMTD2t1YmVybmV0ZXMtMjAyMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLKrRL26H0IFLQyRPcn7xw6/rLFVhJmNpyxHTrLI5pnrcPLwJpfqxXQedXljs5/H70rHzzZ/1QpJvxAFMO0Xy+ujMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFPJC4Prsa8YpmcKgjGMc3WtOWX+pMAoGCCqGSM49BAMCA0gAMEUCIQDGnmUUiktVw5dnliuuzVc0/WVAm9lvujz/A3UJdmRRVwIgGGegEewZWuE2NyUVo0S9b3S5T4van2d8hxUo/72DT1M=";
const issued =
  "MIIBhTCCASugAwIBAgIBBTAKBggqhkjOPQQDAjAaMRgwFgYDVQQDEw9rdWJlcm5ldGVzLTIwMjEwHhcNMjUxMDI0MDUwMDAwWhcNNDYwMTI3MDUwMDAwWjA2MRUwEwYDVQQKEwxzeXN0ZW06bm9kZXMxHTAbBgNVBAMTFHN5c3RlbTpub2RlOndvcmtlci0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEflkl04luXcyhY8ddyfEkbY6q7Lwc3XUKAOEu5g5EjKJEbSHDE1EwEn9Keuij0xMNlp4MmjKXevjkEBFgOaJyqaNGMEQwDAYDVR0TAQH/BAIwADATBgNVHSUEDDAKBggrBgEFBQcDAjAfBgNVHSMEGDAWgBTyQuD67GvGKZnCoIxjHN1rTll/qTAKBggqhkjOPQQDAgNIADBFAiEAqrngkjT8aWy8WrVSC7BuuPlrlDqucODRl54FX1uuLOACIGsOhn3yzDYUb4AzngMw9wSewydX1zh12gEVdDT9c4Q0";

const pem = (der: string) =>
  `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

const requests = "certificatesigningrequests.certificates.k8s.io";
const webhooks = "validatingwebhookconfigurations.admissionregistration.k8s.io";
const serving = "kubernetes.io/kubelet-serving";
const waiting = ["csr-2c9vw", "csr-7pj4m"];
const approved = { type: "Approved", status: "True", reason: "AutoApproved", message: "approved" };
const denied = { type: "Denied", status: "True", reason: "NotNeeded", message: "asked twice" };

function request(name: string, signerName: string, username: string, status: object): ApiObject {
  const groups = ["system:authenticated"];
  const usages = [signerName === serving ? "server auth" : "client auth"];
  const metadata = { name, creationTimestamp: "2026-01-12T05:00:00Z" };
  return { metadata, spec: { request: "", signerName, usages, username, groups }, status };
}

/** It looks at nothing: no object carries the label. */
function policy(name: string, caBundle: string): ApiObject {
  const webhook = {
    name: `${name}.example.com`,
    clientConfig: { caBundle, url: `https://${name}.example.com/validate` },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    objectSelector: { matchLabels: { "example.com/policy": name } },
    failurePolicy: "Ignore",
    matchPolicy: "Equivalent",
    sideEffects: "None",
    timeoutSeconds: 5,
    admissionReviewVersions: ["v1"],
  };
  return { metadata: { name }, webhooks: [webhook] };
}

const root = (namespace: string) => `${namespace}/kube-root-ca.crt`;

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/cluster-certificates", code, verdict, subject };
}

export const fault: Fault = {
  id: "cluster-certificates",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [
          requests,
          [
            ...waiting.map((name, index) => request(name, serving, `system:node:worker-${index + 1}`, {})),
            request("csr-4kq8d", "kubernetes.io/kube-apiserver-client-kubelet", "system:node:worker-1", {
              conditions: [approved],
              certificate: base64(pem(issued)),
            }),
            request("csr-alice", "kubernetes.io/kube-apiserver-client", "alice", { conditions: [denied] }),
          ],
        ],
        [
          webhooks,
          [
            policy("image-policy", base64(pem(ended))),
            policy("label-policy", base64(`${pem(ended)}${pem(renewed)}`)),
          ],
        ],
      ]),
    changes: [
      {
        resource: "configmaps",
        key: root("logistics"),
        edit: (object) => ({ ...object, data: { "ca.crt": pem(formerRoot) } }),
      },
    ],
    expected: [
      expected("csr-pending", "warn", { kind: "Signer", name: serving }),
      expected("bundle-expired", "fail", { kind: "ValidatingWebhookConfiguration", name: "image-policy" }),
      expected("root-ca-differs", "warn", {
        kind: "ConfigMap",
        namespace: "kube-system",
        name: "kube-root-ca.crt",
      }),
    ],
    decoys: [
      {
        subject: { kind: "ValidatingWebhookConfiguration", name: "label-policy" },
        why: "its bundle holds an authority that has ended beside the one that took its place",
      },
      {
        subject: { kind: "CertificateSigningRequest", name: "csr-alice" },
        why: "a person denied the request of a person",
      },
    ],
  }),
  mend(controllers) {
    for (const name of waiting)
      controllers.edit(requests, name, (object) => ({
        ...object,
        status: { conditions: [approved], certificate: base64(pem(issued)) },
      }));
    controllers.put(webhooks, policy("image-policy", base64(pem(renewed))));
    const original = controllers.store.get("configmaps", root("kube-system"));
    controllers.edit("configmaps", root("logistics"), (object) => ({ ...object, data: original?.data }));
  },
};
