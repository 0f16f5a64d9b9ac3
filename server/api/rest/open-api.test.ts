import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { endpoints } from "./endpoints.ts";
import { openApiDocument } from "./open-api.ts";

const document = JSON.parse(JSON.stringify(openApiDocument("https://weekbook.example.com")));

test("the document is valid OpenAPI 3.1, all of its references lead somewhere", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  expect(result).toMatchObject({ valid: true });
  expect(validator.version).toBe("3.1");
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path = ""] of references) {
    const target = path.split("/").reduce((at, part) => at?.[part], document);
    expect(target, path).toBeDefined();
  }
});

test("a document that is not valid is found out", async () => {
  const broken = structuredClone(document);
  broken.paths["/runs"].get.parameters[0].in = "nowhere";
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});

test("it says all that the endpoints are, in the endpoints' own schemas", () => {
  for (const { method, path, id, scope, query } of endpoints) {
    const operation = document.paths[path][method.toLowerCase()];
    expect(operation.operationId).toBe(id);
    if (scope !== null) expect(operation.description).toContain(scope);
    const named = operation.parameters.filter((each: { in: string }) => each.in === "query");
    expect(named.map(({ name }: { name: string }) => name)).toEqual(Object.keys(query?.shape ?? {}));
  }
  expect(document.servers).toEqual([{ url: "https://weekbook.example.com/api/v1" }]);
  const { Run } = document.components.schemas;
  expect(Run.properties.createdAt).toEqual({ type: "string", format: "date-time" });
  expect(Run.additionalProperties).toBeUndefined();
});
