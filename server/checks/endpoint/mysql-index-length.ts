import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { mysql } from "../needs/endpoint.ts";
import {
  grantsSql,
  type IndexPart,
  indexesSql,
  type KeyIndex,
  limitsOf,
  longestPart,
  toGrants,
  toIndexes,
  totalBytes,
  toVariables,
  variablesSql,
} from "../needs/mysql-indexes.ts";
import { param } from "../needs/param.ts";

const shown = 200;

export const check = defineCheck({
  id: "endpoint/mysql-index-length",
  version: 1,
  title: { en: "Index lengths against the limits of MySQL", "zh-CN": "MySQL 索引长度与上限" },
  why: {
    en: "A key may have 767, 1000 or 3072 bytes, by engine and row format, and a character up to four. An index that fits today refuses the change to utf8mb4 with “Specified key was too long”, or is silently cut.",
    "zh-CN":
      "索引键的上限是 767、1000 或 3072 字节，取决于存储引擎和行格式，而一个字符最多占四个字节。今天放得下的索引，改成 utf8mb4 时可能报 “Specified key was too long”，或者被悄悄截短。",
  },
  remedy: {
    en: "Index a prefix of the column, shorten the column, or move the table to the DYNAMIC row format, before the character set is changed.",
    "zh-CN": "在更改字符集之前，先改用前缀索引、缩短字段，或者把表改成 DYNAMIC 行格式。",
  },
  params: z.object({
    schemas: param(z.string().trim().max(2_000).default(""), {
      label: { en: "Databases", "zh-CN": "数据库" },
      help: {
        en: "Separated by commas. Empty: all that the account sees.",
        "zh-CN": "用逗号分隔；留空则检查账号能看到的全部数据库。",
      },
    }),
    fitOldServers: param(z.boolean().default(false), {
      label: {
        en: "Every key must also fit servers before 5.7 (767 bytes)",
        "zh-CN": "所有索引也要适用于 5.7 之前的服务器（767 字节）",
      },
    }),
  }),
  needs: {
    variables: mysql.query({ sql: variablesSql, maxRows: 50 }, toVariables),
    grants: mysql.query({ sql: grantsSql, maxRows: 200 }, toGrants),
    indexes: mysql.query({ sql: indexesSql, maxRows: 20_000 }, toIndexes),
  },
  judge: ({ variables, grants, indexes }, { schemas, fitOldServers }) => {
    const wanted = schemas.split(",").flatMap((name) => name.trim() || []);
    const chosen = indexes.filter(({ schema }) => wanted.length === 0 || wanted.includes(schema));
    const server: Subject = { kind: "endpoint", name: `${variables.flavour} ${variables.version}` };
    const hidden = grants.everything
      ? []
      : wanted.filter((name) => !grants.schemas.some((granted) => covers(granted, name)));
    const problems = chosen.flatMap((index) => judgeIndex(index, variables.pageBytes, fitOldServers));
    const findings: Finding[] = problems.slice(0, shown);
    if (problems.length > shown) findings.push(moreThanShown(server, problems.length));
    if (!grants.everything && (wanted.length === 0 || hidden.length > 0)) {
      findings.push(onlyPart(server, wanted.length === 0 ? grants.schemas : hidden, wanted.length === 0));
    }
    if (findings.length === 0 && chosen.length === 0) {
      return { skip: { what: "indexes", detail: "there is none to judge" } };
    }
    if (findings.length === 0) findings.push(allFit(server, chosen.length));
    const longest = Math.max(0, ...chosen.map(totalBytes));
    return {
      findings,
      measurements: [
        { name: "indexes", value: chosen.length, unit: "{indexes}" },
        { name: "longestIndex", value: longest, unit: "By" },
        { name: "indexesAtRisk", value: problems.length, unit: "{indexes}" },
      ],
    };
  },
});

/** Grants may name databases by a pattern. */
function covers(granted: string, schema: string): boolean {
  const pattern = granted
    .replace(/\\([_%])/g, "$1")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*");
  return new RegExp(`^${pattern}$`).test(schema);
}

function judgeIndex(index: KeyIndex, pageBytes: number, fitOldServers: boolean): Finding[] {
  const limits = limitsOf(index, pageBytes);
  if (!limits) return [];
  const subject: Subject = {
    ...{ kind: "index", namespace: index.schema, name: `${index.table}.${index.name}` },
  };
  const cut = index.parts.find((part) => wasCut(part, limits.part));
  if (cut) return [cutFinding(subject, index, { part: cut, limit: limits.part })];
  const part = longestPart(index, 4);
  const total = totalBytes(index, 4);
  if (part.bytes > limits.part || total > limits.total) {
    const bytes = part.bytes > limits.part ? part.bytes : total;
    const limit = part.bytes > limits.part ? limits.part : limits.total;
    return [charsetFinding(subject, index, { bytes, limit, column: part.column })];
  }
  if (fitOldServers && longestPart(index).bytes > 767) return [oldServerFinding(subject, index)];
  return [];
}

/** The server shortens a plain index to what fits, with no more than a warning: the prefix is the limit itself. */
function wasCut(part: IndexPart, limit: number): boolean {
  if (part.prefix === null || part.bytesPerCharacter === 0) return false;
  return part.prefix === Math.floor(limit / part.bytesPerCharacter) && part.characters > part.prefix;
}

function layoutOf(index: KeyIndex): string {
  const parts = index.parts.map(
    ({ column, prefix, characters, charset }) =>
      `${column}(${prefix ?? characters}${charset ? ` ${charset}` : ""})`,
  );
  return `${index.engine} ${index.rowFormat}: ${parts.join(", ")} = ${totalBytes(index)} bytes`;
}

function cutFinding(
  subject: Subject,
  index: KeyIndex,
  { part, limit }: { part: IndexPart; limit: number },
): Finding {
  return {
    ...{ verdict: "warn", code: "index-cut", subject },
    message: {
      en: `The index holds only the first ${part.prefix} of ${part.characters} characters of ${part.column}: exactly what fits into ${limit} bytes, so the server has probably cut it by itself.`,
      "zh-CN": `索引只包含 ${part.column} 的前 ${part.prefix} 个字符（共 ${part.characters} 个），正好是 ${limit} 字节能放下的长度，很可能是被服务器自动截短的。`,
    },
    observed: layoutOf(index),
    expected: `${part.characters} characters, or a prefix somebody chose`,
    remedy: steps(index, part.column),
  };
}

function charsetFinding(
  subject: Subject,
  index: KeyIndex,
  { bytes, limit, column }: { bytes: number; limit: number; column: string },
): Finding {
  return {
    ...{ verdict: "warn", code: "utf8mb4-too-long", subject },
    message: {
      en: `In utf8mb4 this key would have ${bytes} bytes, more than the ${limit} it may have: the change of the character set would fail.`,
      "zh-CN": `改用 utf8mb4 后，这个索引键会有 ${bytes} 字节，超过上限 ${limit} 字节，更改字符集会失败。`,
    },
    observed: layoutOf(index),
    expected: `at most ${limit} bytes with four bytes a character`,
    remedy: steps(index, column),
  };
}

function oldServerFinding(subject: Subject, index: KeyIndex): Finding {
  const { bytes, column } = longestPart(index);
  return {
    ...{ verdict: "warn", code: "too-long-before-5-7", subject },
    message: {
      en: `${column} takes ${bytes} bytes of the key. Servers before 5.7, and COMPACT tables, allow 767: this table cannot be restored there.`,
      "zh-CN": `${column} 在索引键中占 ${bytes} 字节。5.7 之前的服务器和 COMPACT 表只允许 767 字节，这张表无法恢复到那里。`,
    },
    observed: layoutOf(index),
    expected: "at most 767 bytes for each column",
    remedy: steps(index, column),
  };
}

function steps({ schema, table, name }: KeyIndex, column: string): Finding["remedy"] {
  const quoted = (text: string) => `\`${text.replaceAll("`", "``")}\``;
  const place = `${quoted(schema)}.${quoted(table)}`;
  return [
    {
      purpose: "inspect",
      text: { en: "Look at the table.", "zh-CN": "查看表结构。" },
      command: `SHOW CREATE TABLE ${place};`,
    },
    {
      purpose: "fix",
      text: { en: "Index a prefix that fits every limit.", "zh-CN": "改用在任何上限内都放得下的前缀索引。" },
      command: `ALTER TABLE ${place} DROP INDEX ${quoted(name)}, ADD INDEX ${quoted(name)} (${quoted(column)}(191));`,
    },
  ];
}

function moreThanShown(subject: Subject, count: number): Finding {
  return {
    ...{ verdict: "warn", code: "more-indexes", subject },
    message: {
      en: `${count} indexes are at risk; the first ${shown} are listed.`,
      "zh-CN": `共有 ${count} 个索引存在风险，这里列出前 ${shown} 个。`,
    },
  };
}

function onlyPart(subject: Subject, names: readonly string[], isAll: boolean): Finding {
  const list = names.slice(0, 20).join(", ");
  return {
    ...{ verdict: "unknown", code: "only-part-visible", subject },
    message: isAll
      ? {
          en: `The account sees only what it was granted (${list || "nothing"}); tables of other databases are hidden from it.`,
          "zh-CN": `账号只能看到授权给它的内容（${list || "没有"}），其他数据库的表对它不可见。`,
        }
      : {
          en: `The account was not granted these databases, so their tables are hidden from it: ${list}.`,
          "zh-CN": `账号没有这些数据库的权限，看不到其中的表：${list}。`,
        },
    expected: "SELECT on *.*, or the databases named in the parameters",
  };
}

function allFit(subject: Subject, count: number): Finding {
  return {
    ...{ verdict: "pass", code: "all-fit", subject },
    message: {
      en: `${count} indexes fit, and would in utf8mb4 as well.`,
      "zh-CN": `${count} 个索引都在上限之内，改用 utf8mb4 也是如此。`,
    },
  };
}
