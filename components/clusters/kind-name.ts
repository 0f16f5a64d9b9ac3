import type { ConnectionKind } from "#common/contracts/cluster.ts";

/** Keys of messages/<locale>/clusters.json. */
export const kindName = {
  kubernetes: "kindKubernetes",
  local_host: "kindHost",
  ssh: "kindSsh",
  tls: "kindTls",
  http: "kindHttp",
  dns: "kindDns",
  registry: "kindRegistry",
  mysql: "kindMysql",
  prometheus: "kindPrometheus",
  kafka: "kindKafka",
} as const satisfies Record<ConnectionKind, string>;
