import { nearestName } from "#common/nearest-name.ts";
import type { Text } from "#common/text.ts";
import type { KubeadmDocument } from "./kubeadm-document.ts";
import { elsewhere, type Fields, fieldOf, kubeadmKinds, type Shape } from "./kubeadm-fields.ts";
import type { KubeadmProblem, Rule } from "./kubeadm-problem.ts";

/**
 * What kubeadm's strict decoder objects to. Reading a file it only warns of an unknown field and goes on without it;
 * `kubeadm config validate` refuses the file.
 */

type Path = readonly (string | number)[];
type Level = { document: KubeadmDocument; version: number; kind: Fields };

const written = (path: Path) =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");

function versionOf({ apiVersion }: KubeadmDocument): number {
  // What is older than v1beta2 is removed everywhere, and said to be.
  return Math.max(2, Number(/v1beta(\d)$/.exec(apiVersion)?.[1] ?? 2));
}

function walk(path: Path, shape: Shape, level: Level): KubeadmProblem[] {
  const { document } = level;
  if (shape === "any") return [];
  if (Array.isArray(shape))
    return Array.from({ length: document.size(path) }, (_, index) => [...path, index]).flatMap((item) =>
      walk(item, shape[0], level),
    );
  return document.keys(path).flatMap(({ key, at }): KubeadmProblem[] => {
    const field = fieldOf(shape, key, level.version);
    const here = [...path, key];
    if (field && field.from <= level.version && level.version <= field.until)
      return walk(here, field.shape, level);
    return [
      {
        ...{ code: "field-unknown", verdict: "warn", path: written(here), at },
        ...(field
          ? ofAnotherVersion(here, field, level.version)
          : misspelt(here, shape, level, document.kind)),
      },
    ];
  });
}

type Said = Pick<KubeadmProblem, "message" | "observed" | "expected">;

function ofAnotherVersion(
  path: Path,
  { from, until }: { from: number; until: number },
  version: number,
): Said {
  const [en, zh] =
    version < from
      ? [`since v1beta${from} only`, `从 v1beta${from} 起才有`]
      : [`up to v1beta${until} only`, `只到 v1beta${until} 为止`];
  return {
    observed: {
      en: `${written(path)} in v1beta${version}`,
      "zh-CN": `v1beta${version} 中的 ${written(path)}`,
    },
    expected: { en, "zh-CN": zh },
    message: {
      en: `"${written(path)}" is there ${en}, and this is v1beta${version}: kubeadm passes over it.`,
      "zh-CN": `“${written(path)}”${zh}，而这里是 v1beta${version}：kubeadm 会忽略它。`,
    },
  };
}

function misspelt(path: Path, fields: Fields, { kind, version }: Level, name: string): Said {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const known = Object.keys(fields).filter((one) => {
    const field = fieldOf(fields, one, version);
    return field && field.from <= version && version <= field.until;
  });
  const near = nearestName(key, known);
  const meant = near !== undefined ? written([...parent, near]) : elsewhere(kind, key, version);
  const place = parent.length > 0 ? `${name} ${written(parent)}` : name;
  const hint: Text = meant
    ? { en: ` Did you mean "${meant}"?`, "zh-CN": `是不是想写“${meant}”？` }
    : { en: "", "zh-CN": "" };
  return {
    observed: written(path),
    expected: meant ?? known.filter((one) => one !== "apiVersion" && one !== "kind").join(", "),
    message: {
      en: `"${key}" is no field of ${place}: kubeadm passes over it.${hint.en}`,
      "zh-CN": `“${key}”不是 ${place} 的字段，kubeadm 会忽略它。${hint["zh-CN"]}`,
    },
  };
}

export const fields: Rule = (document) => {
  const kind = Object.hasOwn(kubeadmKinds, document.kind) ? kubeadmKinds[document.kind] : undefined;
  if (kind) return walk([], kind, { document, version: versionOf(document), kind });
  const names = Object.keys(kubeadmKinds);
  const near =
    nearestName(document.kind, names) ??
    names.find((name) => document.kind.length > 3 && name.startsWith(document.kind));
  return [
    {
      ...{ code: "kind-unknown", verdict: "fail", path: "kind", at: document.place(["kind"]) },
      ...{ observed: document.kind || "–", expected: near ?? Object.keys(kubeadmKinds).join(", ") },
      message: {
        en: `kubeadm has no kind "${document.kind}".${near ? ` Did you mean ${near}?` : ""}`,
        "zh-CN": `kubeadm 没有“${document.kind}”这种配置。${near ? `是不是想写 ${near}？` : ""}`,
      },
    },
  ];
};
