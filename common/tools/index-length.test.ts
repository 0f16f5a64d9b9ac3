import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bytesPerCharacter,
  type IndexLengthInput,
  indexCharsets,
  indexLayouts,
  indexLength,
  indexStatements,
  pageSizes,
} from "./index-length.ts";

const usual = {
  characters: 255,
  columns: 1,
  charset: "utf8mb4",
  layout: "innodb-compact",
  page: "16",
} as const;

test("the figures of the manual", () => {
  expect(indexLength(usual)).toMatchObject({ partBytes: 1_020, broken: "part", prefix: 191 });
  expect(indexLength({ ...usual, charset: "utf8mb3" })).toMatchObject({ partBytes: 765, broken: null });
  expect(indexLength({ ...usual, characters: 256, charset: "utf8mb3" }).broken).toBe("part");
  expect(indexLength({ ...usual, layout: "innodb-dynamic", characters: 768 }).broken).toBeNull();
  expect(indexLength({ ...usual, layout: "innodb-dynamic", characters: 769 }).broken).toBe("part");
  expect(indexLength({ ...usual, layout: "myisam", characters: 250 }).broken).toBeNull();
  expect(indexLength({ ...usual, layout: "innodb-dynamic", page: "8", characters: 385 }).broken).toBe("part");
});

test("several columns share the limit of the key", () => {
  const four = { ...usual, layout: "innodb-dynamic", columns: 4 } as const;
  expect(indexLength(four)).toMatchObject({ totalBytes: 4_080, broken: "total", prefix: 192 });
  expect(indexStatements(four)[0]?.code).toBe(
    "CREATE INDEX short ON t (c1(192), c2(192), c3(192), c4(192));",
  );
});

test("another row format is offered where it helps alone", () => {
  expect(indexStatements(usual).map(({ id }) => id)).toEqual(["index", "rebuild"]);
  expect(indexStatements({ ...usual, layout: "innodb-dynamic", characters: 4_000 })).toHaveLength(1);
  expect(indexStatements({ ...usual, layout: "myisam" })[1]?.code).toContain(
    "ENGINE=InnoDB ROW_FORMAT=DYNAMIC",
  );
});

test("the longest prefix fits, and one character more does not", () => {
  const input = fc.record<IndexLengthInput>({
    characters: fc.integer({ min: 1, max: 16_383 }),
    columns: fc.integer({ min: 1, max: 16 }),
    charset: fc.constantFrom(...indexCharsets),
    layout: fc.constantFrom(...indexLayouts),
    page: fc.constantFrom(...pageSizes),
  });
  fc.assert(
    fc.property(input, (one) => {
      const { prefix, broken } = indexLength(one);
      expect(prefix).toBeGreaterThan(0);
      expect(indexLength({ ...one, characters: prefix }).broken).toBeNull();
      expect(broken === null).toBe(prefix === one.characters);
      if (broken) expect(indexLength({ ...one, characters: prefix + 1 }).broken).not.toBeNull();
      expect(bytesPerCharacter[one.charset]).toBeGreaterThan(0);
    }),
  );
});
