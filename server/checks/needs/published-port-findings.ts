import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { sameConfiguration, unmatched } from "./port-bindings.ts";
import type { Binding, DockerPorts, EngineContainer, FileContainer } from "./published-ports.ts";

export const wordsOf = (bindings: readonly Binding[]) =>
  bindings.length === 0
    ? "none"
    : bindings
        .map(({ port, ip, hostPort }) => `${ip && `${ip}:`}${hostPort || "any"}->${port}`)
        .sort()
        .join(", ");

/** What one container's files, the engine's memory and what runs say, compared pair by pair. */
export function containerFindings(machine: string, file: FileContainer, read: DockerPorts): Finding[] {
  const subject: Subject = { kind: "host", name: machine, part: file.name };
  const engine = read.known.find(({ id }) => id === file.id);
  if (!engine) return [notLoaded(subject, file.id)];
  if (file.bindings === null) return [fileUnread(subject, `${read.root}/containers/${file.id}`)];
  if (!sameConfiguration(file.bindings, engine.configured)) return [notRead(subject, file.bindings, engine)];
  if (!engine.running || /^(host|none|container:.*)$/.test(engine.network)) return [];
  const { missing, extra } = unmatched(engine.configured, engine.published);
  if (missing.length > 0 || (extra.length > 0 && !file.publishAll)) return [differs(subject, engine)];
  return read.proxies ? silent(subject, engine.published, new Set(read.listening)) : [];
}

function notLoaded(subject: Subject, id: string): Finding {
  const short = id.slice(0, 12);
  return {
    ...{ verdict: "fail", code: "not-loaded", subject, observed: "no such container", expected: id },
    message: {
      en: `${subject.part} has its files on disk, but the engine does not know it: they could not be read when the engine started. It runs no more and no docker command finds it.`,
      "zh-CN": `${subject.part} 的文件还在磁盘上，引擎却不认识它：引擎启动时没能读懂这些文件。容器不再受管理，docker 命令也找不到它。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Read why it was not loaded", "zh-CN": "查看没能载入的原因" },
        command: shellCommand("sudo", "journalctl", "-b", "-u", "docker.service", "-g", short),
      },
      {
        purpose: "fix",
        text: {
          en: "Put back the copies of both files while docker.service and docker.socket are stopped, then start the engine",
          "zh-CN": "停掉 docker.service 和 docker.socket，放回两个文件的备份，再启动引擎",
        },
      },
    ],
  };
}

function fileUnread(subject: Subject, place: string): Finding {
  return {
    ...{ verdict: "unknown", code: "file-unread", subject },
    message: {
      en: `No PortBindings could be made out in hostconfig.json of ${subject.part}, so it was not compared.`,
      "zh-CN": `没能从 ${subject.part} 的 hostconfig.json 里认出 PortBindings，因此没有比较。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See whether it is whole JSON", "zh-CN": "看看它是不是完整的 JSON" },
        command: shellCommand("sudo", "jq", ".PortBindings", `${place}/hostconfig.json`),
      },
    ],
  };
}

function notRead(subject: Subject, written: readonly Binding[], engine: EngineContainer): Finding {
  return {
    ...{ verdict: "warn", code: "edited-not-read", subject },
    message: {
      en: `hostconfig.json of ${subject.part} was edited while the engine ran. The engine keeps its own copy and writes it back when the container is next started or stopped: the edit will be lost.`,
      "zh-CN": `${subject.part} 的 hostconfig.json 在引擎运行期间被改过。引擎以内存里的配置为准，下次启动或停止容器时会写回文件，这次修改会丢失。`,
    },
    observed: wordsOf(engine.configured),
    expected: wordsOf(written),
    remedy: [
      {
        purpose: "inspect",
        text: { en: "What the engine holds", "zh-CN": "引擎里的配置" },
        command: shellCommand(
          "docker",
          "inspect",
          "--format",
          "{{json .HostConfig.PortBindings}}",
          engine.id,
        ),
      },
      {
        purpose: "fix",
        text: {
          en: "Make the container anew with the ports wanted, or edit again with docker.service and docker.socket stopped",
          "zh-CN": "按想要的端口重新创建容器；或停掉 docker.service 和 docker.socket 之后再改",
        },
      },
    ],
  };
}

function differs(subject: Subject, engine: EngineContainer): Finding {
  return {
    ...{ verdict: "warn", code: "running-differs", subject },
    message: {
      en: `${subject.part} runs with other published ports than it is configured with. Its next start may change where it is reached.`,
      "zh-CN": `${subject.part} 实际发布的端口与配置不一致，下次启动后访问入口可能改变。`,
    },
    observed: wordsOf(engine.published),
    expected: wordsOf(engine.configured),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Three causes: live-restore kept it running while the configuration changed; a port bound but missing in ExposedPorts; a network that publishes nothing",
          "zh-CN":
            "三种原因：live-restore 让容器在配置改变后继续运行；绑定了端口却没写进 ExposedPorts；所在网络不发布端口",
        },
        command: shellCommand(
          ...["docker", "inspect", "--format"],
          "{{json .Config.ExposedPorts}} {{json .NetworkSettings.Networks}}",
          engine.id,
        ),
      },
      {
        purpose: "fix",
        text: {
          en: "Where the configuration is right, start it anew at a time that suits",
          "zh-CN": "配置没错的话，挑合适的时间重启容器",
        },
        command: shellCommand("docker", "restart", engine.id),
      },
      {
        purpose: "verify",
        text: { en: "The ports it has now", "zh-CN": "现在的端口" },
        command: shellCommand("docker", "port", engine.id),
      },
    ],
  };
}

function silent(subject: Subject, published: readonly Binding[], listening: ReadonlySet<string>): Finding[] {
  const missing = published.filter(
    ({ port, hostPort }) => !listening.has(`${hostPort}/${port.split("/")[1] ?? "tcp"}`),
  );
  // sctp has no listener in the files that were read.
  const gone = missing.filter(({ port }) => /\/(tcp|udp)$/.test(port));
  if (gone.length === 0) return [];
  return [
    {
      ...{ verdict: "warn", code: "not-listening", subject },
      message: {
        en: `The engine says that ${subject.part} is published, but nothing on this host listens there while the other ports have their docker-proxy: connections from the host itself are refused.`,
        "zh-CN": `引擎认为 ${subject.part} 的端口已发布，但主机上没有进程监听，而其他端口都有 docker-proxy：从本机访问会被拒绝。`,
      },
      observed: `no listener: ${wordsOf(gone)}`,
      expected: "docker-proxy listens",
      remedy: [
        {
          purpose: "inspect",
          text: { en: "What listens", "zh-CN": "有哪些监听" },
          command: "sudo ss -ltnup",
        },
      ],
    },
  ];
}
