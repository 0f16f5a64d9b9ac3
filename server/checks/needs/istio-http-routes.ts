import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { kinds, kubernetes } from "./kubernetes.ts";

/** What the HTTP routes of VirtualServices do beside sending on: time limits, retries, faults and mirrors. */

type TargetObject = { host?: string; subset?: string; port?: { number?: number } };
type ShareObject = { value?: number };
type HttpRouteObject = {
  name?: string;
  match?: { headers?: object; sourceLabels?: object }[];
  route?: { destination?: TargetObject }[];
  timeout?: string;
  retries?: { attempts?: number; perTryTimeout?: string; retryOn?: string };
  fault?: {
    delay?: { percent?: number; percentage?: ShareObject; fixedDelay?: string };
    abort?: { percentage?: ShareObject; httpStatus?: number; grpcStatus?: string };
  };
  mirror?: TargetObject;
  mirrorPercentage?: ShareObject;
  mirrorPercent?: number;
  mirror_percent?: number;
  mirrors?: { destination?: TargetObject; percentage?: ShareObject }[];
};

export type Target = { host: string; subset?: string; port?: number };
/** `share` in percent; absent where none is written */
export type Fault = { share?: number; deprecated: boolean; what: string; seconds?: number };
export type Mirror = Target & { share?: number; deprecated: boolean };
export type HttpRoute = {
  at: string;
  /** every match asks for a header or for labels of the caller: not everybody's requests */
  narrow: boolean;
  targets: Target[];
  timeoutMs?: number;
  retries?: { attempts?: number; perTryMs?: number; on: string[] };
  delay?: Fault;
  abort?: Fault;
  mirrors: Mirror[];
};
export type HttpRoutes = {
  namespace: string;
  name: string;
  hosts: string[];
  gateways: string[];
  routes: HttpRoute[];
};

const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3 };

/** A duration as Istio writes it, "1m30s" or "0.5s", in milliseconds; undefined for anything else. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(number) * (units[unit] ?? 0);
  return sum;
}

function pickTarget({ host = "", subset, port }: TargetObject): Target {
  return { host, ...(subset && { subset }), ...(port?.number !== undefined && { port: port.number }) };
}

function pickFault(share: number | undefined, what: string, rest: Partial<Fault> = {}): Fault {
  return { deprecated: false, what, ...rest, ...(share !== undefined && { share }) };
}

function pickFaults({
  delay,
  abort,
}: NonNullable<HttpRouteObject["fault"]>): Pick<HttpRoute, "delay" | "abort"> {
  const delayMs = durationMs(delay?.fixedDelay);
  return {
    ...(delay && {
      delay: pickFault(delay.percentage?.value ?? delay.percent, delay.fixedDelay ?? "", {
        deprecated: delay.percent !== undefined,
        ...(delayMs !== undefined && { seconds: delayMs / 1000 }),
      }),
    }),
    ...(abort && {
      abort: pickFault(
        abort.percentage?.value,
        String(abort.httpStatus ?? `gRPC ${abort.grpcStatus ?? "?"}`),
      ),
    }),
  };
}

function pickMirrors(route: HttpRouteObject): Mirror[] {
  const old = route.mirrorPercent ?? route.mirror_percent;
  const share = route.mirrorPercentage?.value ?? old;
  const single = route.mirror
    ? [{ ...pickTarget(route.mirror), ...(share !== undefined && { share }), deprecated: old !== undefined }]
    : [];
  const several = (route.mirrors ?? []).map(({ destination = {}, percentage }) => ({
    ...pickTarget(destination),
    ...(percentage?.value !== undefined && { share: percentage.value }),
    deprecated: false,
  }));
  return [...single, ...several];
}

function pickRoute(route: HttpRouteObject, index: number): HttpRoute {
  const { name, match = [], retries, fault } = route;
  const timeoutMs = durationMs(route.timeout);
  const perTryMs = durationMs(retries?.perTryTimeout);
  return {
    at: `http[${index}]${name ? ` ${name}` : ""}`,
    narrow: match.length > 0 && match.every(({ headers, sourceLabels }) => headers ?? sourceLabels),
    targets: (route.route ?? []).map(({ destination = {} }) => pickTarget(destination)),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries && {
      retries: {
        ...(retries.attempts !== undefined && { attempts: retries.attempts }),
        ...(perTryMs !== undefined && { perTryMs }),
        on: (retries.retryOn ?? "").split(",").flatMap((one) => one.trim() || []),
      },
    }),
    ...(fault && pickFaults(fault)),
    mirrors: pickMirrors(route),
  };
}

/** The routes that a check is about; a VirtualService without one is dropped. */
function pickRoutes(isAbout: (route: HttpRoute) => boolean) {
  return (object: unknown): HttpRoutes | undefined => {
    const { metadata, spec = {} } = object as {
      metadata?: ObjectMeta;
      spec?: { hosts?: string[]; gateways?: string[]; http?: HttpRouteObject[] };
    };
    const routes = (spec.http ?? []).map(pickRoute).filter(isAbout);
    if (routes.length === 0) return undefined;
    const { gateways = [] } = spec;
    return {
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      hosts: spec.hosts ?? [],
      gateways: gateways.length > 0 ? gateways : ["mesh"],
      routes,
    };
  };
}

export function listRoutes(isAbout: (route: HttpRoute) => boolean) {
  return kubernetes.list([kinds.VirtualService, kinds.VirtualServiceBeta], pickRoutes(isAbout));
}

/** "0.5 s", "250 ms" */
export function time(ms: number): string {
  return ms >= 1000 || ms === 0 ? `${Number((ms / 1000).toFixed(3))} s` : `${Number(ms.toFixed(3))} ms`;
}
