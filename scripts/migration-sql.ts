// Prints the SQL that takes an empty database to prisma/schema, for the author of a migration:
//   DATABASE_URL=… node scripts/migration-sql.ts (any reachable server: nothing is written to it)
import { readdirSync, readFileSync } from "node:fs";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

const wasmDir = new URL("../node_modules/@prisma/schema-engine-wasm/", import.meta.url);
const dir = new URL("../prisma/schema/", import.meta.url);
const files = readdirSync(dir)
  .filter((name) => name.endsWith(".prisma"))
  .map((name) => ({ path: name, content: readFileSync(new URL(name, dir), "utf8") }));
const wasm = await import(new URL("schema_engine_bg.js", wasmDir).href);
const bytes = readFileSync(new URL("schema_engine_bg.wasm", wasmDir));
const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": wasm });
wasm.__wbg_set_wasm(instance.exports);
(instance.exports.__wbindgen_start as () => void)();
const adapter = bindMigrationAwareSqlAdapterFactory(
  new PrismaPg({ connectionString: process.env.DATABASE_URL }),
);
const engine = await wasm.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
const out = await engine.diff({
  from: { tag: "empty" },
  to: { tag: "schemaDatamodel", files },
  script: true,
  shadowDatabaseUrl: null,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
});
process.stdout.write(out.stdout ?? "");
