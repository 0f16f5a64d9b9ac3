// dependency-cruiser reads TypeScript through the JavaScript API of the compiler, which version 7 no longer has.
// This lends it, and nobody else, the last compiler that has one; @ts-morph/common carries it without a `tsc`.
import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const compiler = require.resolve("@ts-morph/common").replace(/ts-morph-common\.js$/, "typescript.js");
const lent = new Map([
  ["typescript", pathToFileURL(compiler).href],
  ["typescript/package.json", new URL("typescript-5-package.json", import.meta.url).href],
]);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = context.parentURL?.includes("/dependency-cruiser/") ? lent.get(specifier) : undefined;
    return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
  },
});
