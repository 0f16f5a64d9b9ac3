import type { DaemonSet, Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ConfigMap, Service } from "kubernetes-types/core/v1.d.ts";
import { labelsMatch } from "#common/kubernetes/label-selector.ts";
import { kinds, kubernetes } from "./kubernetes.ts";

/** Controllers of ingress-nginx, the ConfigMap that each reads, and the Services in front of it. */

type Labels = Record<string, string>;
type Named = { namespace: string; name: string };
export type NginxController = Named & {
  kind: string;
  labels: Labels;
  hostNetwork: boolean;
  /** "namespace/name"; its own name where its arguments do not say */
  settings: string;
  /** kernel parameters that an init container with the node's rights writes */
  written: string[];
};
export type NginxSettings = Named & { values: Labels; snippet?: { header: boolean; ranges: string[] } };
export type FrontService = Named & { selector: Labels; type: string; policy: string };

/** The keys that the checks are about; everything else in the ConfigMap stays where it is. */
const keys = [
  "use-forwarded-headers",
  "compute-full-forwarded-for",
  "enable-real-ip",
  "forwarded-for-header",
  "use-proxy-protocol",
  "proxy-real-ip-cidr",
  "keep-alive-requests",
  "upstream-keepalive-connections",
  "upstream-keepalive-requests",
  "max-worker-connections",
  "max-worker-open-files",
] as const;

function pickController(kind: string) {
  return ({ metadata, spec }: Deployment | DaemonSet): NginxController | undefined => {
    const { namespace = "", name = "" } = metadata ?? {};
    const { template } = spec ?? {};
    const main = template?.spec?.containers.find(
      ({ image = "", args = [], command = [] }) =>
        /ingress-nginx\/controller|nginx-ingress-controller[:@]/.test(image) ||
        [...command, ...args].includes("/nginx-ingress-controller"),
    );
    if (!main) return undefined;
    const words = [...(main.command ?? []), ...(main.args ?? [])];
    const given = words.find((word) => word.startsWith("--configmap="))?.slice("--configmap=".length);
    const privileged = (template?.spec?.initContainers ?? []).filter(
      ({ securityContext }) =>
        securityContext?.privileged || securityContext?.capabilities?.add?.includes("SYS_ADMIN"),
    );
    const scripts = privileged.flatMap(({ command = [], args = [] }) => [...command, ...args]).join("\n");
    return {
      kind,
      namespace,
      name,
      labels: template?.metadata?.labels ?? {},
      hostNetwork: template?.spec?.hostNetwork ?? false,
      settings: given?.replaceAll("$(POD_NAMESPACE)", namespace) ?? `${namespace}/${name}`,
      written: [...scripts.matchAll(/sysctl\s+-w\s+"?([a-z0-9_./-]+)\s*=/g)].flatMap(([, one]) => one ?? []),
    };
  };
}

function pickSettings({ metadata, data = {} }: ConfigMap): NginxSettings | undefined {
  const values = Object.fromEntries(
    keys.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])),
  );
  const snippet = data["http-snippet"] ?? "";
  const known = Object.keys(values).length > 0 || /nginx/.test(metadata?.name ?? "");
  if (!known && !snippet.includes("real_ip")) return undefined;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    values,
    ...(snippet.includes("real_ip") && {
      snippet: {
        header: /\breal_ip_header\s/.test(snippet),
        ranges: [...snippet.matchAll(/\bset_real_ip_from\s+([^;\s]+)/g)].flatMap(([, range]) => range ?? []),
      },
    }),
  };
}

function pickFront({ metadata, spec }: Service): FrontService | undefined {
  const selector = spec?.selector ?? {};
  const type = spec?.type ?? "ClusterIP";
  if (Object.keys(selector).length === 0 || (type !== "LoadBalancer" && type !== "NodePort"))
    return undefined;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    selector,
    type,
    policy: spec?.externalTrafficPolicy ?? "Cluster",
  };
}

export const nginxNeeds = {
  deployments: kubernetes.list(kinds.Deployment, pickController("Deployment")),
  daemonSets: kubernetes.list(kinds.DaemonSet, pickController("DaemonSet")),
  settings: kubernetes.list(kinds.ConfigMap, pickSettings),
};
export const frontNeeds = { services: kubernetes.list(kinds.Service, pickFront) };

export const noController = {
  skip: { what: "ingress-nginx", detail: "no Deployment or DaemonSet runs its controller" },
};

/** A controller and what it reads; without a ConfigMap every key has its default. */
export type Configured = {
  controller: NginxController;
  place: Named;
  values: Labels;
  snippet?: NginxSettings["snippet"];
};

export function configured(
  controllers: readonly NginxController[],
  settings: readonly NginxSettings[],
): Configured[] {
  return controllers.map((controller) => {
    const found = settings.find(({ namespace, name }) => `${namespace}/${name}` === controller.settings);
    const [namespace = controller.namespace, name = controller.name] = controller.settings.split("/");
    return {
      controller,
      place: { namespace, name },
      values: found?.values ?? {},
      ...(found?.snippet && { snippet: found.snippet }),
    };
  });
}

export function frontsOf(
  { namespace, labels }: NginxController,
  services: readonly FrontService[],
): FrontService[] {
  return services.filter((one) => one.namespace === namespace && labelsMatch(one.selector, labels));
}

export const isOn = (value: string | undefined) => /^(true|t|1)$/i.test(value?.trim() ?? "");
