import type { Text } from "#common/text.ts";
import type { Problems } from "./problems.ts";
import type { ListTree, MapTree, ScalarTree, YamlTree } from "./yaml-tree.ts";

type Field = { keyAt: number; tree: YamlTree };

/** Reads the fields of one map and notes whatever is not as it should be; a field that is wrong comes as undefined. */
export class Fields {
  readonly at: number;
  readonly problems: Problems;
  readonly #entries: MapTree["entries"];

  constructor(tree: MapTree, problems: Problems, allowed: readonly string[]) {
    this.at = tree.at;
    this.problems = problems;
    this.#entries = tree.entries;
    for (const [key, { keyAt }] of tree.entries) {
      if (!allowed.includes(key)) problems.add(keyAt, "unknown-key", { key, allowed: allowed.join(", ") });
    }
  }

  static of(
    tree: YamlTree | undefined,
    key: string,
    { problems, allowed }: { problems: Problems; allowed: readonly string[] },
  ): Fields | undefined {
    if (tree?.type === "map") return new Fields(tree, problems, allowed);
    if (tree) problems.add(tree.at, "not-a-map", { key });
    return undefined;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  field(key: string, required = false): Field | undefined {
    const field = this.#entries.get(key);
    if (!field && required) this.problems.add(this.at, "missing-key", { key });
    return field;
  }

  /** Text as it is written, with the place of each of its characters. */
  scalar(key: string, most: number, required = false): (ScalarTree & { value: string }) | undefined {
    const field = this.field(key, required);
    if (!field) return undefined;
    return this.textOf(field.tree, key, most);
  }

  textOf(tree: YamlTree, key: string, most: number): (ScalarTree & { value: string }) | undefined {
    if (tree.type !== "scalar" || typeof tree.value !== "string" || tree.value.trim() === "") {
      this.problems.add(tree.at, "not-text", { key });
    } else if (tree.value.length > most) {
      this.problems.add(tree.at, "too-long", { key, most });
    } else {
      return { ...tree, value: tree.value };
    }
    return undefined;
  }

  text(
    key: string,
    { most, pattern }: { most: number; pattern?: RegExp },
    required = false,
  ): string | undefined {
    const scalar = this.scalar(key, most, required);
    if (!scalar) return undefined;
    if (!pattern || pattern.test(scalar.value)) return scalar.value;
    this.problems.add(scalar.at, "pattern", { key, value: scalar.value });
    return undefined;
  }

  choice<Value extends string>(key: string, choices: readonly Value[]): Value | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    const value = field.tree.type === "scalar" ? field.tree.value : undefined;
    const chosen = choices.find((choice) => choice === value);
    if (!chosen) this.problems.add(field.tree.at, "choice", { key, choices: choices.join(", ") });
    return chosen;
  }

  number(key: string, { least, most }: { least: number; most: number }): number | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    const value = field.tree.type === "scalar" ? field.tree.value : undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.problems.add(field.tree.at, "not-a-number", { key });
    } else if (value < least || value > most) {
      this.problems.add(field.tree.at, "range", { key, least, most });
    } else {
      return value;
    }
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    if (field.tree.type === "scalar" && typeof field.tree.value === "boolean") return field.tree.value;
    this.problems.add(field.tree.at, "not-true-or-false", { key });
    return undefined;
  }

  list(key: string, most: number, required = false): ListTree | undefined {
    const field = this.field(key, required);
    if (!field) return undefined;
    if (field.tree.type !== "list") this.problems.add(field.tree.at, "not-a-list", { key });
    else if (field.tree.items.length > most) this.problems.add(field.tree.at, "too-many", { key, most });
    else return field.tree;
    return undefined;
  }

  /** One sentence for everybody, or one in each language. */
  words(key: string, most: number, required = false): Text | undefined {
    const both = this.wordScalars(key, most, required);
    return both && { en: both.en.value, "zh-CN": both["zh-CN"].value };
  }

  wordScalars(key: string, most: number, required = false) {
    const field = this.field(key, required);
    if (!field) return undefined;
    if (field.tree.type !== "map") {
      const same = this.textOf(field.tree, key, most);
      return same && { en: same, "zh-CN": same };
    }
    const languages = new Fields(field.tree, this.problems, ["en", "zh-CN"]);
    const en = languages.scalar("en", most, true);
    const zh = languages.scalar("zh-CN", most, true);
    return en && zh && { en, "zh-CN": zh };
  }
}
