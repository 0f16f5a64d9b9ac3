// Which folder may import which: the one-way street of CONTRIBUTING.md. `npm run verify` runs it.
const test = "\\.test\\.tsx?$";
const types = { dependencyTypesNot: ["type-only"] };
const sockets = "^(node:)?(net|tls|http|https|http2|dgram|dns|dns/promises)$";
/** Dials nobody: it is dialled. */
const listens = "^server/metrics/listen\\.ts$";
const machine = "^(node:)?(fs|fs/promises|child_process|worker_threads|os|vm)$";

/** Code in `from` (tests apart) must not import what `to` matches. */
function never(name, comment, from, to) {
  return { name, comment, severity: "error", from: { pathNot: [test], ...from }, to };
}

const layers = [
  never(
    "common-stands-alone",
    "common/ runs in the browser and on the server and imports nothing else of ours",
    { path: "^common/" },
    { path: "^(app|components|server|sandbox|cli|scripts|testing|generated|messages|runbooks)/" },
  ),
  never(
    "common-touches-nothing",
    "common/ runs in the browser",
    { path: "^common/" },
    { dependencyTypes: ["core"] },
  ),
  never(
    "pages-ask-the-api",
    "app/ renders and asks server/api; it does not reach below it",
    { path: "^app/" },
    { path: "^server/(domain|engine|connectors|checks|jobs|crypto)/", ...types },
  ),
  never(
    "components-know-only-types",
    "components/ show what the API answers; of server/ they import types of the API only",
    { path: "^components/" },
    { path: "^(server|app|sandbox|cli|generated)/", ...types },
  ),
  never(
    "components-know-only-the-api",
    "not even the types of what lies below the API",
    { path: "^components/" },
    { path: "^server/", pathNot: "^server/api/" },
  ),
  never(
    "server-never-renders",
    "server/ knows nothing of pages",
    { path: "^server/" },
    { path: "^(app|components|cli|scripts|sandbox|testing)/" },
  ),
  never(
    "domain-is-below-the-api",
    "a domain verb is called by routers, jobs and the command line alike",
    { path: "^server/domain/" },
    { path: "^server/(api|jobs)/" },
  ),
  never(
    "engine-is-below-the-domain",
    "the engine runs without team, session or queue",
    { path: "^server/engine/" },
    { path: "^server/(api|domain|jobs)/|^server/(db|auth)\\.ts$" },
  ),
  never(
    "connectors-only-connect",
    "connectors know needs and the world, not who asks",
    { path: "^server/connectors/" },
    { path: "^server/(api|domain|jobs|engine)/|^server/(db|auth)\\.ts$" },
  ),
  never(
    "needs-are-data",
    "the vocabulary of checks does nothing",
    { path: "^server/checks/needs/" },
    { path: "^server/", pathNot: "^server/checks/needs/" },
  ),
  never(
    "checks-only-judge",
    "a check imports define-check, needs and common, nothing else of ours",
    { path: "^server/checks/(kubernetes|host|endpoint|document)/" },
    {
      path: "^(app|components|server|sandbox|cli|scripts|testing|generated|messages|runbooks)/",
      pathNot: "^server/checks/(define-check\\.ts$|needs/)",
    },
  ),
  never(
    "checks-touch-nothing",
    "a judgement is pure: no file, socket or process",
    { path: "^server/checks/(kubernetes|host|endpoint|document)/" },
    { path: [sockets, machine, "(^|/)node_modules/(undici|pg|ssh2)/"] },
  ),
  never(
    "practice-cluster-stands-alone",
    "the practice cluster is a stranger to the product, as a real cluster is",
    { path: "^sandbox/" },
    { path: "^(app|components|server|cli|scripts|generated|messages|runbooks)/" },
  ),
];

const hands = [
  never(
    "only-connectors-dial",
    "every outbound connection goes through the guarded dialler",
    { path: "^(app|components|common|server|cli)/", pathNot: [test, "^server/connectors/", listens] },
    { path: [sockets, "(^|/)node_modules/(undici|ssh2|nodemailer)/"], ...types },
  ),
  never(
    "one-maker-of-the-client",
    "server/db.ts alone makes a Prisma client; others take one",
    { pathNot: [test, "^server/db\\.ts$", "^scripts/migration-sql\\.ts$"] },
    { path: "(^|/)node_modules/(@prisma/adapter-pg|@prisma/client)/" },
  ),
  never(
    "production-without-test-tools",
    "testing/, e2e/ and bench/ are for tests and measurements",
    { path: "^(app|components|common|server|cli|sandbox)/" },
    { path: "^(testing|e2e|bench)/|\\.test\\.tsx?$" },
  ),
  never(
    "production-without-dev-dependencies",
    "what production imports is a dependency",
    { path: "^(app|components|common|server|cli|sandbox)/" },
    { dependencyTypes: ["npm-dev"], ...types },
  ),
];

const hygiene = [
  { name: "no-circle", severity: "error", from: {}, to: { circular: true, viaOnly: types } },
  {
    name: "resolvable",
    severity: "error",
    from: {},
    to: { couldNotResolve: true, pathNot: "\\.(css|svg)$" },
  },
];

export default {
  forbidden: [...layers, ...hands, ...hygiene],
  options: {
    parser: "tsc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules|^generated/" },
    exclude: { path: "^\\.next" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
      mainFields: ["module", "main", "types"],
    },
  },
};
