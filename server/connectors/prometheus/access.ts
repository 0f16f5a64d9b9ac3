export type PrometheusAccess = {
  /** http or https, with the path below which the API is, if any */
  baseUrl: string;
  caPem?: string;
  serverName?: string;
  auth?: { type: "basic"; username: string; password: string } | { type: "bearer"; token: string };
};
