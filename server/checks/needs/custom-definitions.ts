import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";

/** Definitions of custom kinds: which versions they serve, and in which their objects may still lie in etcd. */

export type Definition = {
  name: string;
  group: string;
  served: string[];
  storage: string;
  deprecated: string[];
  stored: string[];
  /** versions that the definition knows at all */
  known: string[];
  /** why its kind is not served, where it is not */
  refused?: string;
};

type DefinitionObject = {
  metadata?: { name?: string };
  spec?: {
    group?: string;
    versions?: { name?: string; served?: boolean; storage?: boolean; deprecated?: boolean }[];
  };
  status?: {
    storedVersions?: string[];
    conditions?: { type?: string; status?: string; reason?: string; message?: string }[];
  };
};

export function pickDefinition(object: unknown): Definition {
  const { metadata, spec, status } = object as DefinitionObject;
  const versions = spec?.versions ?? [];
  const names = (list: typeof versions) => list.map(({ name = "" }) => name);
  const bad = status?.conditions?.find(
    ({ type, status: is }) => (type === "NamesAccepted" || type === "Established") && is === "False",
  );
  return {
    name: metadata?.name ?? "",
    group: spec?.group ?? "",
    served: names(versions.filter(({ served }) => served)),
    storage: versions.find(({ storage }) => storage)?.name ?? "",
    deprecated: names(versions.filter(({ deprecated }) => deprecated)),
    stored: status?.storedVersions ?? [],
    known: names(versions),
    ...(bad && { refused: `${bad.reason ?? bad.type}: ${bad.message ?? ""}` }),
  };
}

export function definitionFindings(definitions: readonly Definition[]): Finding[] {
  return definitions.flatMap((definition) => {
    const subject: Subject = { kind: "CustomResourceDefinition", name: definition.name };
    if (definition.refused !== undefined) return [refused(definition, subject)];
    const { stored, known, served, deprecated, storage } = definition;
    const lost = stored.filter((version) => !known.includes(version));
    if (lost.length > 0) return [unknownVersion(definition, subject, lost)];
    const old = stored.filter(
      (version) => version !== storage && (!served.includes(version) || deprecated.includes(version)),
    );
    return old.length > 0 ? [oldVersion(definition, subject, old)] : [];
  });
}

function refused({ name, refused: why = "" }: Definition, subject: Subject): Finding {
  return {
    verdict: "fail",
    code: "definition-not-established",
    subject,
    message: {
      en: `The kind that ${name} defines is not served: its objects can be neither read nor written.`,
      "zh-CN": `${name} 定义的资源没有生效：它的对象既不能读也不能写。`,
    },
    observed: why,
    expected: "Established",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Another definition most often holds the same plural, singular, short or kind name.",
          "zh-CN": "最常见的原因是另一个定义占用了相同的复数、单数、简称或 kind 名称。",
        },
        command: shellCommand("kubectl", "describe", "customresourcedefinition", name),
      },
    ],
  };
}

function unknownVersion(definition: Definition, subject: Subject, lost: string[]): Finding {
  const versions = lost.join(", ");
  return {
    verdict: "fail",
    code: "stored-version-unknown",
    subject,
    message: {
      en: `Objects of ${definition.name} may lie in etcd as ${versions}, a version its definition no longer knows: they cannot be read.`,
      "zh-CN": `${definition.name} 的对象可能仍以 ${versions} 存放在 etcd 里，而定义中已没有这个版本：这些对象读不出来。`,
    },
    observed: `storedVersions: ${definition.stored.join(", ")}`,
    expected: {
      en: `among ${definition.known.join(", ")}`,
      "zh-CN": `在 ${definition.known.join("、")} 之中`,
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Put the version back into the definition, not served, migrate the objects, and only then drop it.",
          "zh-CN": "先把该版本以 served: false 加回定义，迁移对象之后再移除。",
        },
      },
    ],
  };
}

function oldVersion(definition: Definition, subject: Subject, old: string[]): Finding {
  const { name, storage } = definition;
  const versions = old.join(", ");
  const patch = JSON.stringify({ status: { storedVersions: [storage] } });
  return {
    verdict: "warn",
    code: "stored-version-old",
    subject,
    message: {
      en: `Objects of ${name} may still lie in etcd as ${versions}, which is deprecated or no longer served. The next release of its software cannot drop that version, or refuses to install.`,
      "zh-CN": `${name} 的对象可能仍以 ${versions} 存放在 etcd 里，而该版本已弃用或不再提供。相应软件的下个版本会因此无法移除它，甚至拒绝安装。`,
    },
    observed: `storedVersions: ${definition.stored.join(", ")}`,
    expected: `storedVersions: ${storage}`,
    remedy: [
      {
        purpose: "fix",
        text: {
          en: `Write every object once, unchanged: the server stores it as ${storage}. Then say so in the status.`,
          "zh-CN": `把每个对象原样写回一次：服务器会以 ${storage} 存储。然后在 status 中注明。`,
        },
        command: `${shellCommand("kubectl", "get", name, "--all-namespaces", "--output", "json")} | kubectl replace --filename - && ${shellCommand("kubectl", "patch", "customresourcedefinition", name, "--subresource", "status", "--type", "merge", "--patch", patch)}`,
      },
      {
        purpose: "verify",
        text: { en: "One version is left.", "zh-CN": "只剩一个版本。" },
        command: shellCommand(
          ...["kubectl", "get", "customresourcedefinition", name],
          ...["--output", "jsonpath={.status.storedVersions}"],
        ),
      },
    ],
  };
}
