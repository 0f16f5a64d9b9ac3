import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { alwaysThere, type SecretKeys, type Settings } from "./config-objects.ts";
import type { Mention, Reference, User } from "./config-references.ts";
import { compare } from "./owners.ts";

/** Whether what is referred to is there, and what nobody refers to. */

/** Keys of every object by kind, namespace and name; without Secrets where they could not be read. */
export function keysOf(
  settings: readonly Settings[],
  secrets: readonly SecretKeys[],
): Map<string, Set<string>> {
  return new Map([
    ...settings.map(
      ({ namespace, name, keys }) =>
        [`ConfigMap/${namespace}/${name}`, new Set(keys.map(({ key }) => key))] as const,
    ),
    ...secrets.map(({ namespace, name, keys }) => [`Secret/${namespace}/${name}`, new Set(keys)] as const),
  ]);
}

export type Lacking = { reference: Reference; what: "object" | "key" };

export function lackingOf(
  { namespace, references }: User,
  keys: ReadonlyMap<string, ReadonlySet<string>>,
  knowsSecrets: boolean,
): Lacking[] {
  return references.flatMap((reference): Lacking[] => {
    const { kind, name, key, optional } = reference;
    if (optional || alwaysThere.has(name) || (kind === "Secret" && !knowsSecrets)) return [];
    const held = keys.get(`${kind}/${namespace}/${name}`);
    if (!held) return [{ reference, what: "object" }];
    return key !== undefined && !held.has(key) ? [{ reference, what: "key" }] : [];
  });
}

export function missingReferences(user: User, lacking: readonly Lacking[]): Finding[] {
  const words = ({ reference: { kind, name, key }, what }: Lacking) =>
    what === "key" ? `${kind} ${name} [${key}]` : `${kind} ${name}`;
  const all = [...new Set(lacking.map(words))].sort(compare);
  const [first] = lacking.toSorted((a, b) => compare(words(a), words(b)));
  if (!first) return [];
  const { kind, namespace = "", name } = user;
  const shown = all.slice(0, 3).join("; ");
  const object = first.reference;
  return [
    {
      verdict: "fail",
      code: "missing-reference",
      subject: { kind, namespace, name },
      message: {
        en: `${kind} ${namespace}/${name} refers to what does not exist: ${shown}${all.length > 3 ? `; and ${all.length - 3} more` : ""}. Pods that run go on; the next one will not start.`,
        "zh-CN": `${kind} ${namespace}/${name} 引用了不存在的内容：${shown}${all.length > 3 ? `；另有 ${all.length - 3} 处` : ""}。正在运行的 Pod 不受影响，但下一个 Pod 起不来。`,
      },
      observed: all.slice(0, 10).join("; "),
      expected: {
        en: "every object and key that is not optional exists",
        "zh-CN": "所有非 optional 的对象和键都存在",
      },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "What is there under similar names.", "zh-CN": "看看有没有名字相近的。" },
          command: shellCommand("kubectl", "get", `${object.kind.toLowerCase()}s`, "--namespace", namespace),
        },
        {
          purpose: "fix",
          text: {
            en: "Create what is missing, correct the name, or mark the reference optional if the program can do without.",
            "zh-CN": "补上缺少的内容，或改正名字；如果程序没有它也能运行，就把引用标为 optional。",
          },
        },
      ],
    },
  ];
}

/** What is used in a namespace, as "Kind/name"; a name in a command line counts for both kinds. */
export function usedNames(users: readonly User[], mentions: readonly Mention[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  const add = (namespace: string, names: string[]) => {
    const known = used.get(namespace) ?? new Set<string>();
    for (const name of names) known.add(name);
    used.set(namespace, known);
  };
  for (const { namespace = "", references, mentions: words = [] } of users) {
    add(
      namespace,
      references.map(({ kind, name }) => `${kind}/${name}`),
    );
    add(
      namespace,
      words.flatMap((word) => [`ConfigMap/${word}`, `Secret/${word}`]),
    );
  }
  for (const { namespace, secrets } of mentions)
    add(
      namespace,
      secrets.map((name) => `Secret/${name}`),
    );
  return used;
}
