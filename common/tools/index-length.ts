/** How long a key of MySQL or MariaDB is in bytes, and how long it may be. */

export const indexCharsets = ["utf8mb4", "utf8mb3", "gbk", "latin1"] as const;
export type IndexCharset = (typeof indexCharsets)[number];

export const bytesPerCharacter: Record<IndexCharset, number> = { utf8mb4: 4, utf8mb3: 3, gbk: 2, latin1: 1 };

export const indexLayouts = ["innodb-compact", "innodb-dynamic", "myisam"] as const;
export type IndexLayout = (typeof indexLayouts)[number];

export const pageSizes = ["16", "8", "4"] as const;
export type PageKib = (typeof pageSizes)[number];

/**
 * What one column of a key may take, and the whole key. InnoDB: 767 bytes a column in the old row formats, up to 3072
 * in the new ones, less with smaller pages.
 */
export function keyLimits(layout: IndexLayout, pageBytes: number): { part: number; total: number } {
  if (layout === "myisam") return { part: 1_000, total: 1_000 };
  const total = pageBytes >= 16_384 ? 3_072 : pageBytes >= 8_192 ? 1_536 : 768;
  return { part: layout === "innodb-compact" ? Math.min(767, total) : total, total };
}

export type IndexLengthInput = {
  characters: number;
  /** of the same length, in one key */
  columns: number;
  charset: IndexCharset;
  layout: IndexLayout;
  page: PageKib;
};
export type IndexLength = {
  partBytes: number;
  totalBytes: number;
  limits: { part: number; total: number };
  /** which limit refuses the key */
  broken: "part" | "total" | null;
  /** the longest prefix of each column that fits */
  prefix: number;
};

export function indexLength({ characters, columns, charset, layout, page }: IndexLengthInput): IndexLength {
  const each = bytesPerCharacter[charset];
  const limits = keyLimits(layout, Number(page) * 1024);
  const partBytes = characters * each;
  const totalBytes = partBytes * columns;
  const broken = partBytes > limits.part ? "part" : totalBytes > limits.total ? "total" : null;
  const room = Math.min(limits.part, Math.floor(limits.total / columns));
  return { partBytes, totalBytes, limits, broken, prefix: Math.min(characters, Math.floor(room / each)) };
}

const names = (columns: number) => Array.from({ length: columns }, (_, index) => `c${index + 1}`);

/** The key as it may be, and how it gets its full length where another row format allows that. */
export function indexStatements(input: IndexLengthInput): { id: string; code: string }[] {
  const { prefix, broken } = indexLength(input);
  const parts = names(input.columns).map((name) => (prefix < input.characters ? `${name}(${prefix})` : name));
  const wider = indexLength({ ...input, layout: "innodb-dynamic" });
  const isHelped = broken !== null && input.layout !== "innodb-dynamic" && wider.broken === null;
  const engine = input.layout === "myisam" ? "ENGINE=InnoDB " : "";
  return [
    { id: "index", code: `CREATE INDEX short ON t (${parts.join(", ")});` },
    ...(isHelped
      ? [
          {
            id: "rebuild",
            code: `ALTER TABLE t ${engine}ROW_FORMAT=DYNAMIC;\nCREATE INDEX whole ON t (${names(input.columns).join(", ")});`,
          },
        ]
      : []),
  ];
}
