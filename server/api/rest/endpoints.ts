import type { Endpoint } from "./endpoint.ts";
import { checkEndpoints } from "./endpoints/checks.ts";
import { clusterEndpoints } from "./endpoints/clusters.ts";
import { findingEndpoints } from "./endpoints/findings.ts";
import { keyEndpoints } from "./endpoints/key.ts";
import { resultEndpoints } from "./endpoints/results.ts";
import { runbookEndpoints } from "./endpoints/runbooks.ts";
import { runEndpoints } from "./endpoints/runs.ts";

/** All of /api/v1: the router, the document and the tests read this list. */
export const endpoints: readonly Endpoint[] = [
  ...keyEndpoints,
  ...clusterEndpoints,
  ...checkEndpoints,
  ...runbookEndpoints,
  ...runEndpoints,
  ...resultEndpoints,
  ...findingEndpoints,
];
