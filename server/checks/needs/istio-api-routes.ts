import type { Text } from "#common/text.ts";
import type { Said } from "./istio-exposure.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { isUnread, optional, type Unread } from "./need.ts";

/** Routes of the Kubernetes Gateway API that Istio has taken on, and what it says of them in their status. */

/** A condition that is not True; `isSure` where it is False, and nobody knows where it is Unknown or absent. */
type Trouble = { type: string; isSure: boolean; said: string };

export type ApiRoute = {
  place: string;
  /** "namespace/name" of the Services it sends to */
  services: string[];
  gateways: string[];
  /** "Accepted" is about the way in, "ResolvedRefs" about what is behind */
  troubles: Trouble[];
};
export type ApiGateway = { place: string; troubles: Trouble[] };

type Reference = { kind?: string; namespace?: string; name?: string };
type Condition = { type?: string; status?: string; reason?: string };
type RouteObject = {
  metadata?: { namespace?: string; name?: string };
  spec?: { rules?: { backendRefs?: Reference[] }[] };
  status?: { parents?: { controllerName?: string; parentRef?: Reference; conditions?: Condition[] }[] };
};
type GatewayObject = {
  metadata?: { namespace?: string; name?: string };
  status?: { conditions?: Condition[] };
};

function troublesOf(conditions: readonly Condition[], types: readonly string[]): Trouble[] {
  return types.flatMap((type) => {
    const { status = "Unknown", reason } = conditions.find((one) => one.type === type) ?? {};
    if (status === "True") return [];
    return [{ type, isSure: status === "False", said: `${type}: ${reason || status}` }];
  });
}

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
    troubles: parents.flatMap(({ conditions = [] }) => troublesOf(conditions, ["Accepted", "ResolvedRefs"])),
  };
}

/** Programmed: what carries the traffic is set up, an address and a proxy that took the configuration. */
export function pickApiGateway(object: unknown): ApiGateway {
  const { metadata, status } = object as GatewayObject;
  return {
    place: `${metadata?.namespace}/${metadata?.name}`,
    troubles: troublesOf(status?.conditions ?? [], ["Programmed"]),
  };
}

export const apiRouteNeeds = {
  apiRoutes: optional(kubernetes.list([kinds.HTTPRoute, kinds.HTTPRouteBeta], pickApiRoute)),
  apiGateways: optional(kubernetes.list([kinds.ApiGateway, kinds.ApiGatewayBeta], pickApiGateway)),
  /** who may not list a kind is told so even where there is no such kind: discovery tells the two apart */
  gatewayApi: optional(kubernetes.raw({ path: "/apis/gateway.networking.k8s.io" }, () => true)),
};

/** No routes where the server has no such API, whatever else was said about them. */
export function routesThere(
  routes: readonly ApiRoute[] | Unread,
  gatewayApi: boolean | Unread,
): readonly ApiRoute[] | Unread {
  const isServed = !isUnread(gatewayApi) || gatewayApi.unread.code !== "not-served";
  return isUnread(routes) && (!isServed || routes.unread.code === "not-served") ? [] : routes;
}

/** Null: there may be some, and they were not read. */
export function apiRoutesTo(
  routes: readonly ApiRoute[] | Unread,
  services: readonly { namespace: string; name: string }[],
): ApiRoute[] | null {
  if (isUnread(routes)) return null;
  const wanted = new Set(services.map(({ namespace, name }) => `${namespace}/${name}`));
  return routes.filter((route) => route.services.some((service) => wanted.has(service)));
}

/** What the Gateways of these routes say; one that was not read, or not found, leaves it unknown. */
function gatewayTroubles(routes: readonly ApiRoute[], gateways: readonly ApiGateway[] | Unread): Trouble[] {
  const unknown = (why: string): Trouble[] => [
    { type: "Programmed", isSure: false, said: `Programmed: ${why}` },
  ];
  if (isUnread(gateways)) return unknown(gateways.unread.code);
  const told = new Map(gateways.map(({ place, troubles }) => [place, troubles]));
  return routes.flatMap((route) =>
    route.gateways.flatMap((place) => told.get(place) ?? unknown("not-found")),
  );
}

type ByApi = { apiRoutes: ApiRoute[] | null; apiGateways: readonly ApiGateway[] | Unread };

/** Steps 3 and 4 where no object of Istio's own leads in: what the Gateway API says, or that it was not read. */
export function apiStep(
  step: 3 | 4,
  { apiRoutes: routes, apiGateways }: ByApi,
  expected: Text,
): Said | undefined {
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
  const ofRoutes = routes.flatMap((route) => route.troubles);
  const troubles =
    step === 3
      ? [...ofRoutes.filter(({ type }) => type === "Accepted"), ...gatewayTroubles(routes, apiGateways)]
      : ofRoutes;
  const said = [...new Set(troubles.map((trouble) => trouble.said))];
  const isBroken = troubles.some(({ isSure }) => isSure);
  const names = [...new Set(routes.flatMap(({ gateways, place }) => (step === 3 ? gateways : [place])))];
  const what = `${step === 3 ? "Gateway" : "HTTPRoute"} ${names.join(", ")}`;
  const but = {
    en: `${isBroken ? ", and its status says" : "; whether it works is not known:"} ${said.join(", ")}`,
    "zh-CN": `${isBroken ? "，但状态里写着 " : "；是否生效无法得知："}${said.join("、")}`,
  };
  return {
    verdict: isBroken ? "fail" : said.length > 0 ? "unknown" : "pass",
    message: {
      en: `Step ${step}: ${what} of the Gateway API leads here${said.length > 0 ? but.en : ""}.`,
      "zh-CN": `第 ${step} 步：Gateway API 的 ${what} 通到这里${said.length > 0 ? but["zh-CN"] : ""}。`,
    },
    observed: (said.length > 0 ? said : names).join(", "),
    expected,
  };
}
