import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import {
  type Helper,
  helpersOf,
  kubeletScript,
  parseEndpoint,
  parseKubeletProcess,
  parseVersion,
  runtimeOf,
} from "../needs/kubelet-runtime.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";

const firstLine = ({ stdout }: { stdout: string }) =>
  stdout.split("\n").find((line) => /\d/.test(line)) ?? "";
const packages = { socat: "socat", nsenter: "util-linux" };

/**
 * Subject: the host; part: the program.
 * Codes: none-needed and helper-present (pass), helper-missing (fail), helper-unread, helper-undecided and
 * runtime-unknown (unknown).
 */
export const check = defineCheck({
  id: "host/port-forward-helpers",
  version: 2,
  title: { en: "Programs that port forwarding needs on a node", "zh-CN": "节点上端口转发所需的程序" },
  why: {
    en: "Older runtimes, and Docker to this day, call socat and nsenter on the node for each forwarded port. Where one is missing, kubectl port-forward fails on that node alone.",
    "zh-CN":
      "较旧的运行时，以及至今的 Docker，每转发一个端口都要在节点上调用 socat 和 nsenter。缺了其中一个，kubectl port-forward 就只在这个节点上失败。",
  },
  remedy: {
    en: "Install the missing program on the node, or move to containerd 1.4 or CRI-O 1.19 and later, which need none.",
    "zh-CN": "在节点上安装缺少的程序，或升级到不需要它们的 containerd 1.4、CRI-O 1.19 及以上版本。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    kubelet: optional(host.command(["sh", "-c", kubeletScript], parseKubeletProcess)),
    kubeadmFlags: optional(host.file("/var/lib/kubelet/kubeadm-flags.env", parseEndpoint)),
    instanceConfig: optional(host.file("/var/lib/kubelet/instance-config.yaml", parseEndpoint)),
    config: optional(host.file("/var/lib/kubelet/config.yaml", parseEndpoint)),
    kubeletVersion: optional(host.command(["kubelet", "--version"], parseVersion)),
    containerdVersion: optional(host.command(["containerd", "--version"], parseVersion)),
    crioVersion: optional(host.command(["crio", "--version"], parseVersion)),
    socat: optional(host.command(["socat", "-V"], firstLine)),
    nsenter: optional(host.command(["nsenter", "--version"], firstLine)),
  },
  judge: ({ machine, kubelet, kubeadmFlags, instanceConfig, config, ...versions }) => {
    const subject: Subject = { kind: "host", name: machine };
    const files = [kubeadmFlags, instanceConfig, config];
    const running = isUnread(kubelet) ? null : kubelet.running;
    const kubeletVersion = known(versions.kubeletVersion);
    if (running !== true && files.every(isAbsent) && kubeletVersion === null) {
      if (running === false) return { skip: { what: "kubelet", detail: "no kubelet on this host" } };
      return {
        findings: [runtimeUnknown(subject, "no trace of a kubelet, and other users' processes are hidden")],
      };
    }
    const ofProcess = isUnread(kubelet) ? null : kubelet.endpoint;
    const endpoint = ofProcess ?? files.map(known).find((one) => one !== null) ?? null;
    // A file that may name another endpoint but was not read leaves the question open.
    const hidden = endpoint === null && files.some((one) => isUnread(one) && !isAbsent(one));
    const runtime = hidden ? null : runtimeOf(endpoint, kubeletVersion);
    if (!runtime) {
      const why = hidden ? "kubelet configuration not read" : (endpoint ?? "kubelet version not read");
      return { findings: [runtimeUnknown(subject, why)] };
    }
    const versionOf = { containerd: versions.containerdVersion, "CRI-O": versions.crioVersion };
    const version = runtime in versionOf ? known(versionOf[runtime as keyof typeof versionOf]) : null;
    const name = version ? `${runtime} ${version.join(".")}` : runtime;
    const sure = version !== null || !(runtime in versionOf);
    const helpers = helpersOf(runtime, version);
    if (helpers.length === 0) return { findings: [noneNeeded(subject, name)] };
    return {
      findings: helpers.map((helper) =>
        helperFinding({ ...subject, part: helper }, { helper, found: versions[helper], name, sure }),
      ),
    };
  },
});

function known<Value>(fact: Value | Unread): Value | null {
  return isUnread(fact) ? null : fact;
}

const isAbsent = (fact: unknown) => isUnread(fact) && fact.unread.code === "not-found";

function runtimeUnknown(subject: Subject, why: string): Finding {
  const message = {
    en: `Which container runtime the kubelet uses is not known (${why}).`,
    "zh-CN": `无法确定 kubelet 使用哪个容器运行时（${why}）。`,
  };
  return { verdict: "unknown", code: "runtime-unknown", subject, message };
}

function noneNeeded(subject: Subject, name: string): Finding {
  const message = {
    en: `${name} forwards ports by itself; it needs no program on the node.`,
    "zh-CN": `${name} 自己完成端口转发，不需要节点上的其他程序。`,
  };
  return { verdict: "pass", code: "none-needed", subject, message, observed: name };
}

type Sought = { helper: Helper; found: string | Unread; name: string; sure: boolean };

function helperFinding(subject: Subject, { helper, found, name, sure }: Sought): Finding {
  if (!isUnread(found)) {
    const message = {
      en: `${helper} is there; ${name} calls it for each forwarded port.`,
      "zh-CN": `${helper} 已安装；${name} 每转发一个端口都会调用它。`,
    };
    return { verdict: "pass", code: "helper-present", subject, message, observed: found };
  }
  if (found.unread.code !== "tool-missing") {
    const message = {
      en: `Whether ${helper} is there could not be found out (${found.unread.code}).`,
      "zh-CN": `无法确定是否装有 ${helper}（${found.unread.code}）。`,
    };
    return { verdict: "unknown", code: "helper-unread", subject, message };
  }
  if (!sure) {
    const message = {
      en: `${helper} is missing; whether ${name} needs it depends on its version, which could not be read.`,
      "zh-CN": `没有 ${helper}；${name} 是否需要它取决于版本，而版本没能读到。`,
    };
    return { verdict: "unknown", code: "helper-undecided", subject, message };
  }
  return {
    verdict: "fail",
    code: "helper-missing",
    subject,
    message: {
      en: `${helper} is missing, and ${name} cannot forward a port without it: "unable to do port forwarding: ${helper} not found".`,
      "zh-CN": `缺少 ${helper}，没有它 ${name} 无法转发端口，会报“unable to do port forwarding: ${helper} not found”。`,
    },
    observed: "not found in PATH",
    expected: helper,
    remedy: [
      {
        purpose: "fix",
        text: { en: "Install it on the node", "zh-CN": "在节点上安装" },
        command: `sudo apt-get install --yes ${packages[helper]}`,
      },
    ],
  };
}
