import { z } from "zod";
import { minorOf } from "#common/kubernetes/removed-apis.ts";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { document } from "../needs/document.ts";
import { type Broken, readKubeadm } from "../needs/kubeadm-document.ts";
import type { KubeadmProblem } from "../needs/kubeadm-problem.ts";
import { kubeadmProblems } from "../needs/kubeadm-rules.ts";
import { param } from "../needs/param.ts";

const subject: Subject = { kind: "document", name: "kubeadm" };

/**
 * Subject: the document; part: "line <line>, column <column>: <path>".
 * Codes: yaml-broken, api-version-unknown, api-version-removed, kind-unknown, range-invalid, range-too-large,
 * range-too-small, ranges-overlap, dns-domain-invalid, certificate-name-invalid, endpoint-invalid, extra-args-form,
 * flag-removed (fail); api-version-deprecated, field-unknown, registry-frozen, dockershim-socket, token-without-end,
 * unverified-discovery (warn). Values of tokens and keys are never repeated.
 */
export const check = defineCheck({
  id: "document/kubeadm-yaml",
  version: 3,
  title: { en: "A kubeadm configuration, line by line", "zh-CN": "逐行检查 kubeadm 配置" },
  why: {
    en: "kubeadm reads its configuration once, when a cluster is made. A range too small or a name missing in a certificate shows weeks later, and much of it cannot be changed any more.",
    "zh-CN":
      "kubeadm 只在创建集群时读取一次配置。地址范围太小、证书里少一个名称，往往几周后才暴露，而其中很多已经无法更改。",
  },
  remedy: {
    en: "Migrate the file with kubeadm config migrate, mend what is pointed at, and try it with kubeadm init --dry-run.",
    "zh-CN": "用 kubeadm config migrate 迁移文件，按提示修正，再用 kubeadm init --dry-run 试一遍。",
  },
  params: z.object({
    kubeadmVersion: param(
      z
        .string()
        .trim()
        .max(30)
        .refine((text) => text === "" || minorOf(text) !== undefined, "1.33")
        .default(""),
      {
        label: { en: "Version of kubeadm", "zh-CN": "kubeadm 版本" },
        help: {
          en: "The one that is to read it. Empty: the newest.",
          "zh-CN": "将要读取它的 kubeadm。留空则按最新版本。",
        },
        placeholder: "1.33",
      },
    ),
  }),
  needs: { text: document.text() },
  judge: ({ text }, { kubeadmVersion }) => {
    const { documents, broken } = readKubeadm(text);
    const own = documents.filter(({ apiVersion }) => apiVersion.startsWith("kubeadm.k8s.io/"));
    if (own.length === 0 && broken.length === 0)
      return {
        skip: { what: "a kubeadm configuration", detail: "no document of kubeadm.k8s.io in the text" },
      };
    const minor = kubeadmVersion === "" ? undefined : minorOf(kubeadmVersion);
    return {
      findings: [
        ...broken.map(brokenFinding),
        ...own.flatMap((each) => kubeadmProblems(each, minor).map(finding)),
      ],
      measurements: [{ name: "documents", value: own.length, unit: "{documents}" }],
    };
  },
});

function brokenFinding({ line, column, message }: Broken): Finding {
  return {
    verdict: "fail",
    code: "yaml-broken",
    subject: { ...subject, part: `line ${line}, column ${column}` },
    message: {
      en: `Line ${line}, column ${column}: this is no valid YAML.`,
      "zh-CN": `第 ${line} 行第 ${column} 列：不是有效的 YAML。`,
    },
    observed: message,
    expected: "YAML",
  };
}

function finding({ code, verdict, path, at, message, observed, expected }: KubeadmProblem): Finding {
  const { line, column } = at;
  const migrates = code.startsWith("api-version") || code === "extra-args-form";
  return {
    verdict,
    code,
    subject: { ...subject, part: `line ${line}, column ${column}: ${path}` },
    message: {
      en: `Line ${line}: ${message.en}`,
      "zh-CN": `第 ${line} 行：${message["zh-CN"]}`,
    },
    observed,
    expected,
    ...(migrates && {
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Let a kubeadm that reads both write it anew.",
            "zh-CN": "用同时支持新旧版本的 kubeadm 重写。",
          },
          command: "kubeadm config migrate --old-config old.yaml --new-config new.yaml",
        },
        {
          purpose: "verify",
          text: { en: "kubeadm itself finds nothing.", "zh-CN": "kubeadm 自己也不再报错。" },
          command: "kubeadm config validate --config new.yaml",
        },
      ],
    }),
  };
}
