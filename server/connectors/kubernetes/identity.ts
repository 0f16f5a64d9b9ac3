import { X509Certificate } from "node:crypto";
import type { KubernetesSingleValues } from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { KubernetesAuth } from "./access.ts";
import type { Api } from "./api.ts";
import { isObject, parseJson, readObject, statusError } from "./status.ts";

type Identity = KubernetesSingleValues["kubernetes.identity"];
type User = Pick<Identity, "name" | "groups">;

const versions = ["v1", "v1beta1", "v1alpha1"];

/** Who this credential is, by the server's word; where it is too old for the question, by the certificate's. */
export async function readIdentity(api: Api, auth: KubernetesAuth, context: ReadContext): Promise<Identity> {
  const own = auth.type === "token" ? tokenClaims(auth.token) : certificateFacts(auth.certificatePem);
  const user = (await askWho(api, context)) ?? own.user;
  if (!user) {
    const sentence = "this server is older than the question who a credential is";
    throw readError("not-served", "ask who this credential is", "no-self-review", sentence);
  }
  const { expiresAt, issuer, audiences } = own;
  return { ...user, method: auth.type, expiresAt, issuer, audiences };
}

/** Undefined where the server is older than the question (before 1.26). */
export async function askWho(api: Api, context: ReadContext): Promise<User | undefined> {
  const what = "ask who this credential is";
  for (const version of versions) {
    const group = `authentication.k8s.io/${version}`;
    const body = { apiVersion: group, kind: "SelfSubjectReview" };
    const path = `/apis/${group}/selfsubjectreviews`;
    const response = await api.send({ method: "POST", path, body, what }, context);
    if (response.status === 404) continue;
    if (response.status !== 201) throw statusError(response, what);
    const { status } = readObject(response, what);
    const info = isObject(status) && isObject(status.userInfo) ? status.userInfo : {};
    return { name: textOf(info.username) ?? "", groups: textsOf(info.groups) };
  }
  return undefined;
}

type Own = Pick<Identity, "expiresAt" | "issuer" | "audiences"> & { user?: User };

/** What a token says of itself, unverified: whether it is true is the server's to say. */
function tokenClaims(token: string): Own {
  const [, payload = ""] = token.split(".");
  const claims = parseJson(Buffer.from(payload, "base64url").toString("utf8"));
  if (!isObject(claims)) return { expiresAt: null, issuer: null, audiences: [] };
  const audiences = typeof claims.aud === "string" ? [claims.aud] : textsOf(claims.aud);
  const expires = typeof claims.exp === "number" ? new Date(claims.exp * 1000) : undefined;
  const isTime = expires !== undefined && !Number.isNaN(expires.getTime());
  return { expiresAt: isTime ? expires.toISOString() : null, issuer: textOf(claims.iss) ?? null, audiences };
}

/** The server takes the user from CN and the groups from O. */
function certificateFacts(certificatePem: string): Own {
  const certificate = new X509Certificate(certificatePem);
  const parts = certificate.subject.split("\n");
  const values = (key: string) =>
    parts.filter((part) => part.startsWith(`${key}=`)).map((part) => part.slice(key.length + 1));
  const issuer = certificate.issuer.replaceAll("\n", ", ");
  const user = { name: values("CN").at(-1) ?? "", groups: values("O") };
  return { expiresAt: new Date(certificate.validTo).toISOString(), issuer, audiences: [], user };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
