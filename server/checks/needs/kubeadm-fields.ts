/** The fields of kubeadm's configuration, from v1beta2 to v1beta4, as its strict decoder knows them. */

/** What may stand below a name: whatever there is, named fields, or a list of things with named fields. */
export type Shape = "any" | Fields | [Fields];
type Ranged = { from?: number; until?: number; shape: Shape };
export type Fields = { [name: string]: Shape | Ranged };

/** Beginning with v1beta<from>, or up to v1beta<until>. */
const since = (from: number, shape: Shape = "any"): Ranged => ({ from, shape });
const upTo = (until: number, shape: Shape = "any"): Ranged => ({ until, shape });
const each = (...names: string[]): Fields => Object.fromEntries(names.map((name) => [name, "any"]));

const argument = [each("name", "value")] satisfies Shape;
/** A map up to v1beta3: its names are flags. */
const args: Fields = { extraArgs: { from: 0, shape: "any" } };
const environment: Fields = { extraEnvs: since(4, [each("name", "value", "valueFrom")]) };
const meta = each("apiVersion", "kind");
const patches: Fields = { patches: since(3, each("directory")) };
const endpoint = each("advertiseAddress", "bindPort");
const timeouts = since(4, {
  ...each("controlPlaneComponentHealthCheck", "kubeletHealthCheck", "kubernetesAPICall", "etcdAPICall"),
  ...each("tlsBootstrap", "discovery", "upgradeManifests"),
});
const component: Fields = {
  ...args,
  ...environment,
  extraVolumes: [each("name", "hostPath", "mountPath", "readOnly", "pathType")],
};
const nodeRegistration: Fields = {
  ...each("name", "criSocket", "kubeletExtraArgs", "ignorePreflightErrors"),
  taints: [each("key", "value", "effect", "timeAdded")],
  imagePullPolicy: since(3),
  imagePullSerial: since(4),
};
const pulling = each("imagePullPolicy", "imagePullSerial");

export const kubeadmKinds: Record<string, Fields> = {
  ClusterConfiguration: {
    ...meta,
    ...each("kubernetesVersion", "controlPlaneEndpoint", "certificatesDir", "imageRepository"),
    ...each("featureGates", "clusterName"),
    etcd: {
      local: {
        ...each("imageRepository", "imageTag", "dataDir", "serverCertSANs", "peerCertSANs"),
        ...args,
        ...environment,
      },
      external: each("endpoints", "httpEndpoints", "caFile", "certFile", "keyFile"),
    },
    networking: each("serviceSubnet", "podSubnet", "dnsDomain"),
    apiServer: { ...component, certSANs: "any", timeoutForControlPlane: upTo(3) },
    controllerManager: component,
    scheduler: component,
    dns: { ...each("imageRepository", "imageTag"), type: upTo(2), disabled: since(4) },
    proxy: since(4, each("disabled")),
    encryptionAlgorithm: since(4),
    certificateValidityPeriod: since(4),
    caCertificateValidityPeriod: since(4),
    useHyperKubeImage: upTo(2),
  },
  InitConfiguration: {
    ...meta,
    ...patches,
    bootstrapTokens: [each("token", "description", "ttl", "expires", "usages", "groups")],
    nodeRegistration,
    localAPIEndpoint: endpoint,
    certificateKey: "any",
    skipPhases: since(3),
    dryRun: since(4),
    timeouts,
  },
  JoinConfiguration: {
    ...meta,
    ...patches,
    nodeRegistration,
    caCertPath: "any",
    discovery: {
      bootstrapToken: each("token", "apiServerEndpoint", "caCertHashes", "unsafeSkipCAVerification"),
      file: each("kubeConfigPath"),
      tlsBootstrapToken: "any",
      timeout: upTo(3),
    },
    controlPlane: { localAPIEndpoint: endpoint, certificateKey: "any" },
    skipPhases: since(3),
    dryRun: since(4),
    timeouts,
  },
  ClusterStatus: { ...meta, apiEndpoints: upTo(2) },
  ResetConfiguration: {
    ...meta,
    ...each("cleanupTmpDir", "certificatesDir", "criSocket", "dryRun", "force", "ignorePreflightErrors"),
    ...each("skipPhases", "unmountFlags"),
    timeouts,
  },
  UpgradeConfiguration: {
    ...meta,
    apply: {
      ...each("kubernetesVersion", "allowExperimentalUpgrades", "allowRCUpgrades", "certificateRenewal"),
      ...each("dryRun", "etcdUpgrade", "forceUpgrade", "ignorePreflightErrors", "printConfig", "skipPhases"),
      ...pulling,
      patches: each("directory"),
    },
    diff: each("kubernetesVersion", "diffContextLines"),
    node: {
      ...each("certificateRenewal", "dryRun", "etcdUpgrade", "ignorePreflightErrors", "skipPhases"),
      ...pulling,
      patches: each("directory"),
    },
    plan: {
      ...each("kubernetesVersion", "allowExperimentalUpgrades", "allowRCUpgrades", "dryRun", "etcdUpgrade"),
      ...each("ignorePreflightErrors", "printConfig"),
    },
    timeouts,
  },
};

export type Field = { shape: Shape; from: number; until: number };

/** One field with the versions that have it. Arguments are a map of flags before v1beta4 and a list since. */
export function fieldOf(fields: Fields, name: string, version: number): Field | undefined {
  if (!Object.hasOwn(fields, name)) return undefined;
  const found = fields[name];
  if (found === undefined) return undefined;
  const ranged =
    typeof found === "object" && "shape" in found ? (found as Ranged) : { shape: found as Shape };
  const isArguments = (name === "extraArgs" || name === "kubeletExtraArgs") && version >= 4;
  const shape = isArguments ? argument : ranged.shape;
  return { shape, from: ranged.from ?? 0, until: ranged.until ?? Number.POSITIVE_INFINITY };
}

/** Where else in the kind a field of that name stands: "networking.podSubnet". */
export function elsewhere(fields: Fields, name: string, version: number): string | undefined {
  for (const own of Object.keys(fields)) {
    const shape = fieldOf(fields, own, version)?.shape;
    if (shape === undefined || shape === "any" || Array.isArray(shape)) continue;
    if (fieldOf(shape, name, version)) return `${own}.${name}`;
    const below = elsewhere(shape, name, version);
    if (below) return `${own}.${below}`;
  }
  return undefined;
}
