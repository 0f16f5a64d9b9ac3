import type { Container, ContainerPort, PodSpec, PodTemplate, Resources, Toleration } from "./types.ts";

export type ContainerOptions = {
  name: string;
  image: string;
  cpu?: [request: string, limit: string];
  memory?: [request: string, limit: string];
  resources?: Resources;
  command?: string[];
  args?: string[];
  ports?: (Partial<ContainerPort> & { containerPort: number })[];
  restartPolicy?: "Always";
  /** where readiness and liveness are asked for */
  probePort?: number;
  /** any other field of the container: env, volumeMounts, securityContext … */
  more?: Record<string, unknown>;
};

/** A container as the API server stores it: with the defaults it fills in. */
export function container(options: ContainerOptions): Container {
  const { name, image, command, args, restartPolicy, probePort, more } = options;
  const cpu = options.cpu ?? ["100m", "500m"];
  const memory = options.memory ?? ["128Mi", "256Mi"];
  const ports = options.ports?.map((port) => ({ protocol: "TCP" as const, ...port }));
  return {
    name,
    image,
    ...(command && { command }),
    ...(args && { args }),
    ...(ports && { ports }),
    resources: options.resources ?? {
      limits: { cpu: cpu[1], memory: memory[1] },
      requests: { cpu: cpu[0], memory: memory[0] },
    },
    ...(restartPolicy && { restartPolicy }),
    ...(probePort !== undefined && {
      readinessProbe: httpProbe(probePort, "/readyz"),
      livenessProbe: httpProbe(probePort, "/livez"),
    }),
    ...more,
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
  };
}

export function httpProbe(port: number, path: string): Record<string, unknown> {
  return {
    httpGet: { path, port, scheme: "HTTP" },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

export type TemplateOptions = {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  containers: Container[];
  initContainers?: Container[];
  hostNetwork?: boolean;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
  restartPolicy?: PodSpec["restartPolicy"];
  priorityClassName?: string;
  serviceAccountName?: string;
  /** keeps replicas on different nodes and in different zones where there are enough */
  spread?: boolean;
  /** any other field of the spec: volumes, hostPID, affinity … */
  more?: Record<string, unknown>;
};

export function podTemplate(options: TemplateOptions): PodTemplate {
  const { annotations, initContainers, nodeSelector, tolerations, priorityClassName, serviceAccountName } =
    options;
  return {
    metadata: { creationTimestamp: null, labels: options.labels, ...(annotations && { annotations }) },
    spec: {
      ...(initContainers && { initContainers }),
      containers: options.containers,
      restartPolicy: options.restartPolicy ?? "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      ...(nodeSelector && { nodeSelector }),
      ...(options.hostNetwork && { hostNetwork: true as const }),
      securityContext: {},
      schedulerName: "default-scheduler",
      ...(tolerations && { tolerations }),
      ...(priorityClassName && { priorityClassName }),
      ...(serviceAccountName && { serviceAccountName, serviceAccount: serviceAccountName }),
      ...(options.spread && { topologySpreadConstraints: spreadOver(options.labels) }),
      ...options.more,
    },
  };
}

function spreadOver(matchLabels: Record<string, string>) {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  }));
}

/** What `kubectl logs` opens when nobody says which container. */
export const defaultContainerAnnotation = "kubectl.kubernetes.io/default-container";
