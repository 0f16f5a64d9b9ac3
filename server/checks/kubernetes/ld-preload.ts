import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { groupByOwner, type OwnerGroup, podCount, showOwner } from "../needs/owner-groups.ts";
import { affectedPods, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { type Preload, type PreloadPod, pickPreloads, preloadFile } from "../needs/preloads.ts";

/** A memory allocator is what most people preload on purpose. */
const allocators = /^lib(jemalloc|tcmalloc(_minimal)?|mimalloc|hoard|snmalloc)\b/;

type Code = "preloaded-from-node" | "preload-file-mounted" | "library-preloaded" | "allocator-preloaded";

function codeOf({ variable, libraries, volume }: Preload): Code {
  if (volume === "hostPath") return "preloaded-from-node";
  if (variable === preloadFile) return "preload-file-mounted";
  const names = libraries.map((path) => path.slice(path.lastIndexOf("/") + 1));
  const known = names.length > 0 && names.every((name) => allocators.test(name));
  return known && variable === "LD_PRELOAD" && volume === "" ? "allocator-preloaded" : "library-preloaded";
}

function words(code: Code, { container, variable, libraries, volume }: Preload, count: number): Text {
  const pods = podCount(count);
  const what = libraries.join(", ");
  if (code === "allocator-preloaded")
    return {
      en: `Container ${container} of ${pods.en} runs with another memory allocator (${what}), which its own image brings. That is what the variable is good for.`,
      "zh-CN": `${pods["zh-CN"]}的容器 ${container} 换用了镜像自带的内存分配器（${what}）。这正是这个变量的正当用途。`,
    };
  if (code === "preload-file-mounted")
    return {
      en: `A volume of ${pods.en} covers ${preloadFile} in container ${container}: what it names is loaded into every program there, and no environment shows it.`,
      "zh-CN": `${pods["zh-CN"]}用卷覆盖了容器 ${container} 里的 ${preloadFile}：其中列出的库会载入该容器的每个程序，而且环境变量里看不出来。`,
    };
  if (code === "preloaded-from-node")
    return {
      en: `Container ${container} of ${pods.en} loads ${what} into its programs by ${variable}, from a folder of the node: whoever may write there runs code in these containers.`,
      "zh-CN": `${pods["zh-CN"]}的容器 ${container} 通过 ${variable} 把节点目录里的 ${what} 载入自己的程序：谁能写那个目录，谁就能在这些容器里执行代码。`,
    };
  const from =
    volume === ""
      ? { en: "", "zh-CN": "" }
      : { en: `, from a volume (${volume})`, "zh-CN": `，来自卷（${volume}）` };
  return {
    en: `Container ${container} of ${pods.en} loads ${what} into its programs by ${variable}${from.en}. It takes the place of functions of libc before the first line of the program runs.`,
    "zh-CN": `${pods["zh-CN"]}的容器 ${container} 通过 ${variable} 把 ${what} 载入自己的程序${from["zh-CN"]}。程序的第一行执行之前，libc 的函数就可能已被替换。`,
  };
}

const verdicts: Record<Code, Finding["verdict"]> = {
  "preloaded-from-node": "fail",
  "preload-file-mounted": "warn",
  "library-preloaded": "warn",
  "allocator-preloaded": "pass",
};

function finding({ owner, what, pods }: OwnerGroup<PreloadPod, Preload>): Finding {
  const code = codeOf(what);
  const first = pods[0]?.name ?? "";
  const place = ["--namespace", owner.namespace ?? "", "--container", what.container];
  return {
    verdict: verdicts[code],
    code,
    subject: { ...owner, part: what.container },
    affected: affectedPods(pods),
    message: words(code, what, pods.length),
    observed: `${what.variable}${what.variable === preloadFile ? "" : `=${what.libraries.join(":")}`}`,
    ...(code !== "allocator-preloaded" && {
      expected: { en: `no ${what.variable}`, "zh-CN": `没有 ${what.variable}` },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "Is the library there, and whose is it? A name that cannot be opened is only complained of on standard error.",
            "zh-CN": "这个库在不在，是谁放的？打不开的名字只会在标准错误里抱怨一句。",
          },
          command: shellCommand("kubectl", "exec", first, ...place, "--", "ls", "-l", ...what.libraries),
        },
        {
          purpose: "fix",
          text: {
            en: `Where ${owner.kind} ${owner.name} is defined, take it out; if an agent's injector put it there, change the injector's setting. What must stay belongs into the image, where its digest is known.`,
            "zh-CN": `在定义 ${owner.kind} ${owner.name} 的地方去掉它；如果是某个代理的注入器加的，就改注入器的设置。必须保留的库应放进镜像，这样它的摘要是已知的。`,
          },
          command: shellCommand(...showOwner(owner)),
        },
      ],
    }),
  };
}

/**
 * Subject: the owner people deploy, part: the container; affected: its pods. One finding per owner, container and
 * variable. Codes: preloaded-from-node (fail: the library lies in a hostPath volume), preload-file-mounted (warn: a
 * volume over /etc/ld.so.preload), library-preloaded (warn: LD_PRELOAD or LD_AUDIT), allocator-preloaded (pass: a memory
 * allocator out of the image). Pods that have ended are left out; what a container sets for itself cannot be seen.
 */
export const check = defineCheck({
  id: "kubernetes/ld-preload",
  version: 1,
  title: { en: "Libraries loaded before the program", "zh-CN": "抢先加载的动态库" },
  why: {
    en: "LD_PRELOAD puts foreign code into every dynamically linked program of a container. It is a fine tool and a fine hiding place, and nobody who reads the program's own code will find it.",
    "zh-CN":
      "LD_PRELOAD 会把外来代码放进容器里每一个动态链接的程序。它是好工具，也是好藏身之处：只读程序自己的代码，谁也找不到它。",
  },
  remedy: {
    en: "Know every preloaded library by name. Keep it in the image, never on the node or in a volume others can write.",
    "zh-CN": "每一个预加载的库都要说得清来历。把它放进镜像，不要放在节点上，也不要放在别人能写的卷里。",
  },
  params: z.object({}),
  needs: { pods: kubernetes.list(kinds.Pod, pickPreloads), ...ownerNeeds },
  judge: ({ pods, ...owners }) => {
    const groups = groupByOwner(
      pods,
      ownerResolver(owners),
      ({ preloads }) => preloads,
      ({ container, variable }) => `${container}/${variable}`,
    );
    return {
      findings: groups.map(finding),
      measurements: [{ name: "pods-with-preloaded-libraries", value: pods.length, unit: "{pods}" }],
    };
  },
});
