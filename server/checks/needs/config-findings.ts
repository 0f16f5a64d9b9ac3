import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { baseName, type SecretKeys, type Settings } from "./config-objects.ts";
import type { SecretLook } from "./config-values.ts";
import { compare } from "./owners.ts";

/** Findings about settings themselves, each without their values. */

export const settingsPlace = ({ namespace, name }: Settings): Subject => ({
  kind: "ConfigMap",
  namespace,
  name,
});

const looks: Record<SecretLook, { en: string; zh: string }> = {
  "private-key": { en: "a private key", zh: "私钥" },
  "password-in-address": { en: "an address with a password", zh: "带密码的连接地址" },
  "access-key": { en: "a cloud access key", zh: "云访问密钥" },
  token: { en: "a token", zh: "令牌" },
  password: { en: "a password", zh: "密码" },
};

function show(settings: Settings): RemedyStep {
  return {
    purpose: "inspect",
    text: { en: "The keys it holds, without values.", "zh-CN": "只看有哪些键，不显示值。" },
    command: `${shellCommand("kubectl", "get", "configmap", settings.name, "--namespace", settings.namespace, "--output", "json")} | jq '.data | keys'`,
  };
}

export function secretsInside(settings: Settings): Finding[] {
  const found = settings.keys.flatMap(({ key, secret }) => (secret ? [{ key, secret }] : []));
  const [first] = found.toSorted(
    (a, b) =>
      Number(b.secret === "private-key") - Number(a.secret === "private-key") || compare(a.key, b.key),
  );
  if (!first) return [];
  const keys = found.map(({ key }) => key).sort(compare);
  const more =
    found.length > 1
      ? { en: `, and ${found.length - 1} more`, zh: `，另有 ${found.length - 1} 处` }
      : { en: "", zh: "" };
  const { namespace, name } = settings;
  return [
    {
      verdict: first.secret === "private-key" ? "fail" : "warn",
      code: "secret-in-configmap",
      subject: settingsPlace(settings),
      message: {
        en: `Key ${first.key} of ConfigMap ${namespace}/${name} looks like ${looks[first.secret].en}${more.en}. Whoever may read the namespace can read it, and it is not encrypted in etcd where only Secrets are.`,
        "zh-CN": `ConfigMap ${namespace}/${name} 的键 ${first.key} 看上去是${looks[first.secret].zh}${more.zh}。能读这个命名空间的人都能看到它；etcd 若只加密 Secret，它就是明文存放。`,
      },
      observed: keys.slice(0, 10).join(", "),
      expected: { en: "in a Secret", "zh-CN": "放在 Secret 里" },
      remedy: [
        show(settings),
        {
          purpose: "fix",
          text: {
            en: "Change the credential first: it has been readable. Put the new one into a Secret, refer to it by secretKeyRef or a volume, and take the key out here.",
            "zh-CN":
              "先更换这个凭据，因为它已经暴露过。新值放进 Secret，用 secretKeyRef 或卷来引用，再从这里删掉这个键。",
          },
        },
      ],
    },
  ];
}

export function brokenInside(settings: Settings): Finding[] {
  const found = settings.keys.flatMap(({ key, broken }) => (broken ? [{ key, ...broken }] : []));
  const [first] = found.toSorted((a, b) => compare(a.key, b.key));
  if (!first) return [];
  const { namespace, name } = settings;
  const at =
    first.where === ""
      ? { en: "", zh: "" }
      : { en: ` (${first.where})`, zh: `（${first.where.replace("line ", "第 ")} 行）` };
  return [
    {
      verdict: "warn",
      code: "unparsable-value",
      subject: settingsPlace(settings),
      message: {
        en: `Key ${first.key} of ConfigMap ${namespace}/${name} is no valid ${first.as.toUpperCase()}${at.en}${found.length > 1 ? `, and so are ${found.length - 1} more` : ""}. Whoever reads it next stops there.`,
        "zh-CN": `ConfigMap ${namespace}/${name} 的键 ${first.key} 不是合法的 ${first.as.toUpperCase()}${at.zh}${found.length > 1 ? `，另有 ${found.length - 1} 个键同样如此` : ""}。下一个读取它的程序会在这里出错。`,
      },
      observed: found
        .map(({ key, where }) => (where === "" ? key : `${key}, ${where}`))
        .slice(0, 10)
        .join("; "),
      expected: { en: `valid ${first.as.toUpperCase()}`, "zh-CN": `合法的 ${first.as.toUpperCase()}` },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "Take the value out and let a parser say what is wrong.",
            "zh-CN": "取出这个值，用解析器看错在哪里。",
          },
          command: `${shellCommand("kubectl", "get", "configmap", name, "--namespace", namespace, "--output", "json")} | jq --raw-output ${shellCommand(`.data[${JSON.stringify(first.key)}]`)}${first.as === "json" ? " | jq ." : ""}`,
        },
      ],
    },
  ];
}

/** Equal long values in several ConfigMaps of one namespace; generations of one name are one. */
export function copiedValues(all: readonly Settings[]): Finding[] {
  const byNamespace = Map.groupBy(
    all.filter(({ managed }) => !managed),
    ({ namespace }) => namespace,
  );
  return [...byNamespace]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([namespace, members]): Finding[] => {
      const holders = new Map<string, Map<string, { name: string; key: string }>>();
      for (const { name, keys } of members.toSorted((a, b) => compare(a.name, b.name)))
        for (const { key, mark } of keys) {
          if (!mark) continue;
          const known = holders.get(mark) ?? new Map<string, { name: string; key: string }>();
          if (!known.has(baseName(name))) known.set(baseName(name), { name, key });
          holders.set(mark, known);
        }
      const copied = [...holders.values()].filter(({ size }) => size > 1).map((one) => [...one.values()]);
      const [first] = copied.toSorted(
        (a, b) =>
          b.length - a.length ||
          compare(a[0]?.name ?? "", b[0]?.name ?? "") ||
          compare(a[0]?.key ?? "", b[0]?.key ?? ""),
      );
      if (!first) return [];
      const names = [...new Set(copied.flat().map(({ name }) => name))].sort(compare);
      const example = first
        .slice(0, 3)
        .map(({ name, key }) => `${name}/${key}`)
        .join(", ");
      return [
        {
          verdict: "warn",
          code: "copied-values",
          subject: { kind: "Namespace", name: namespace },
          affected: {
            count: names.length,
            sample: names.slice(0, 50).map((name) => ({ kind: "ConfigMap", namespace, name })),
          },
          message: {
            en: `${copied.length === 1 ? "1 value is" : `${copied.length} values are`} kept in more than one ConfigMap of ${namespace}, for example ${example}. When it changes, one copy is forgotten.`,
            "zh-CN": `命名空间 ${namespace} 里有 ${copied.length} 个值同时存在于多个 ConfigMap，例如 ${example}。下次修改时，总会漏掉一份。`,
          },
          observed: example,
          expected: {
            en: "one ConfigMap that the others' users refer to",
            "zh-CN": "只留一个 ConfigMap，大家都引用它",
          },
        },
      ];
    });
}

/** What nothing refers to any more, once for each namespace. */
export function unreferenced(
  namespace: string,
  settings: readonly Settings[],
  secrets: readonly SecretKeys[],
): Finding {
  const objects = [
    ...settings.map(({ name }) => ({ kind: "ConfigMap", namespace, name })),
    ...secrets.map(({ name }) => ({ kind: "Secret", namespace, name })),
  ].sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  const names = objects
    .slice(0, 5)
    .map(({ name }) => name)
    .join(", ");
  return {
    verdict: "warn",
    code: "unreferenced",
    subject: { kind: "Namespace", name: namespace },
    affected: { count: objects.length, sample: objects.slice(0, 50) },
    message: {
      en: `Nothing in ${namespace} refers to ${objects.length === 1 ? "1 object" : `${objects.length} objects`}: ${names}${objects.length > 5 ? ", …" : ""}. Old settings are copied and edited by mistake.`,
      "zh-CN": `命名空间 ${namespace} 里有 ${objects.length} 个对象没有被引用：${names}${objects.length > 5 ? "……" : ""}。过时的配置容易被误抄、误改。`,
    },
    observed: names,
    expected: { en: "used, or gone", "zh-CN": "有人使用，或删掉" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "A program may still read one through the API: look who wrote it before it goes.",
          "zh-CN": "也可能有程序通过 API 读取：删除前先看是谁写的。",
        },
        command: shellCommand(
          ...["kubectl", "get", objects[0]?.kind.toLowerCase() ?? "configmap", objects[0]?.name ?? ""],
          ...["--namespace", namespace, "--show-managed-fields", "--output", "yaml"],
        ),
      },
    ],
  };
}
