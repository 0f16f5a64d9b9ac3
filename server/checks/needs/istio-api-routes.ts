import type { Text } from "#common/text.ts";
import type { Said } from "./istio-exposure.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { isUnread, optional, type Unread } from "./need.ts";

/** Routes of the Kubernetes Gateway API that Istio has taken on, and what it says of them in their status. */

export type ApiRoute = {
  place: string;
  /** "namespace/name" of the Services it sends to */
  services: string[];
  gateways: string[];
  /** conditions that do not hold: "ResolvedRefs: BackendNotFound" */
  troubles: string[];
};

type Reference = { kind?: string; namespace?: string; name?: string };
type RouteObject = {
  metadata?: { namespace?: string; name?: string };
  spec?: { rules?: { backendRefs?: Reference[] }[] };
  status?: {
    parents?: {
      controllerName?: string;
      parentRef?: Reference;
      conditions?: { type?: string; status?: string; reason?: string }[];
    }[];
  };
};

export function pickApiRoute(object: unknown): ApiRoute | undefined {
  const { metadata, spec, status } = object as RouteObject;
  const placeOf = ({ namespace = metadata?.namespace ?? "", name = "" }: Reference) => `${namespace}/${name}`;
  // A route whose parent is a Service is about calls within the mesh.
  const parents = (status?.parents ?? []).filter(
    ({ controllerName = "", parentRef }) =>
      controllerName.startsWith("istio.io/") && (parentRef?.kind ?? "Gateway") === "Gateway",
  );
  if (parents.length === 0) return undefined;
  const backends = (spec?.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
  return {
    place: placeOf({ name: metadata?.name ?? "" }),
    services: backends.filter(({ kind = "Service" }) => kind === "Service").map(placeOf),
    gateways: [...new Set(parents.map(({ parentRef = {} }) => placeOf(parentRef)))],
    troubles: parents.flatMap(({ conditions = [] }) =>
      conditions.flatMap(({ type, status: is, reason }) =>
        is === "False" && (type === "Accepted" || type === "ResolvedRefs") ? [`${type}: ${reason}`] : [],
      ),
    ),
  };
}

export const apiRouteNeeds = {
  apiRoutes: optional(kubernetes.list([kinds.HTTPRoute, kinds.HTTPRouteBeta], pickApiRoute)),
};

/** Null: there may be some, and they were not read. */
export function apiRoutesTo(
  routes: readonly ApiRoute[] | Unread,
  services: readonly { namespace: string; name: string }[],
): ApiRoute[] | null {
  if (isUnread(routes)) return routes.unread.code === "not-served" ? [] : null;
  const wanted = new Set(services.map(({ namespace, name }) => `${namespace}/${name}`));
  return routes.filter((route) => route.services.some((service) => wanted.has(service)));
}

/** Steps 3 and 4 where no object of Istio's own leads in: what the Gateway API says, or that it was not read. */
export function apiStep(step: 3 | 4, routes: readonly ApiRoute[] | null, expected: Text): Said | undefined {
  if (routes === null)
    return {
      verdict: "unknown",
      message: {
        en: `Step ${step}: none of Istio's own objects leads here from outside, and HTTPRoutes, which could, were not read.`,
        "zh-CN": `第 ${step} 步：没有 Istio 自己的对象从外部通到这里；HTTPRoute 也可以，但没有读到。`,
      },
      observed: { en: "HTTPRoutes not read", "zh-CN": "没有读到 HTTPRoute" },
      expected,
    };
  if (routes.length === 0) return undefined;
  const troubles = [...new Set(routes.flatMap((route) => route.troubles))];
  const names = [...new Set(routes.flatMap(({ gateways, place }) => (step === 3 ? gateways : [place])))];
  const what = `${step === 3 ? "Gateway" : "HTTPRoute"} ${names.join(", ")}`;
  return {
    verdict: troubles.length > 0 ? "fail" : "pass",
    message: {
      en: `Step ${step}: ${what} of the Gateway API leads here${troubles.length > 0 ? `, and its status says ${troubles.join(", ")}` : ""}.`,
      "zh-CN": `第 ${step} 步：Gateway API 的 ${what} 通到这里${troubles.length > 0 ? `，但状态里写着 ${troubles.join("、")}` : ""}。`,
    },
    observed: troubles.length > 0 ? troubles.join(", ") : names.join(", "),
    expected,
  };
}
