import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { HttpRoute, HttpRoutes, Mirror } from "./istio-http-routes.ts";
import type { Break, BreakCode } from "./istio-links.ts";

/** What to say about one mirror of one route. */

export type MirrorPlace = { own: HttpRoutes; route: HttpRoute; mirror: Mirror };

const nameOf = ({ host, subset }: Mirror) => (subset ? `${host}/${subset}` : host);

function found(
  place: MirrorPlace,
  code: string,
  said: Omit<Finding, "code" | "subject" | "remedy"> & { fix: Text },
): Finding {
  const { own, route, mirror } = place;
  const { fix, ...rest } = said;
  const target = ["virtualservices.networking.istio.io", own.name, "--namespace", own.namespace];
  const remedy: RemedyStep[] = [
    {
      purpose: "inspect",
      text: { en: "Read the route as it is.", "zh-CN": "查看路由的现状。" },
      command: shellCommand("kubectl", "get", ...target, "--output", "yaml"),
    },
    { purpose: "fix", text: fix },
    {
      purpose: "verify",
      text: {
        en: "The mirror's own access log shows requests whose authority ends with -shadow; without a mirror it shows none.",
        "zh-CN":
          "镜像目标自己的访问日志里，authority 以 -shadow 结尾的请求就是镜像来的；没有镜像时应当没有。",
      },
    },
  ];
  return {
    code,
    subject: {
      kind: "VirtualService",
      namespace: own.namespace,
      name: own.name,
      part: `${route.at} ${nameOf(mirror)}`,
    },
    ...rest,
    remedy,
  };
}

const reasons: Partial<Record<BreakCode, Text>> = {
  "missing-destination": {
    en: "no Service and no ServiceEntry has that name",
    "zh-CN": "没有这个名字的 Service 或 ServiceEntry",
  },
  "missing-subset": {
    en: "no DestinationRule that holds for it defines the subset",
    "zh-CN": "对它生效的 DestinationRule 里没有这个子集",
  },
  "missing-port": { en: "the Service has no such port", "zh-CN": "Service 没有这个端口" },
  "port-not-chosen": {
    en: "it has several ports, none of them that of the listener, and the mirror chooses none",
    "zh-CN": "它有多个端口，却都不是监听端口，而镜像没有指定端口",
  },
  "no-pod": { en: "no pod stands behind it", "zh-CN": "背后没有 Pod" },
  "no-ready-pod": { en: "none of its pods is ready", "zh-CN": "背后没有就绪的 Pod" },
  "no-endpoint": { en: "its list of endpoints is empty", "zh-CN": "它的端点列表是空的" },
  "not-exported": {
    en: "it is not exported to the namespace that sends the copies",
    "zh-CN": "它没有导出到发送副本的命名空间",
  },
};

export function unreachable(place: MirrorPlace, { code }: Break): Finding {
  const reason = reasons[code] ?? { en: "its way is broken", "zh-CN": "路径不通" };
  const name = nameOf(place.mirror);
  return found(place, "mirror-unreachable", {
    verdict: "fail",
    message: {
      en: `${place.route.at} of ${place.own.name} mirrors to ${name}: ${reason.en}. Answers of mirrors are thrown away, so nobody sees that every copy is lost.`,
      "zh-CN": `${place.own.name} 的 ${place.route.at} 镜像到 ${name}：${reason["zh-CN"]}。镜像的响应会被丢弃，所以没有人会发现副本全都丢了。`,
    },
    observed: reason,
    expected: { en: "a destination with ready pods", "zh-CN": "有就绪 Pod 的目的地" },
    fix: {
      en: "Correct the mirror's host, subset or port, or take the mirror out.",
      "zh-CN": "改正镜像的 host、子集或端口，或去掉镜像。",
    },
  });
}

export function everything(place: MirrorPlace, mostPercent: number): Finding {
  const { share } = place.mirror;
  const name = nameOf(place.mirror);
  return found(place, "mirrors-most", {
    verdict: "warn",
    message:
      share === undefined
        ? {
            en: `${place.route.at} of ${place.own.name} mirrors to ${name} and says no percentage: every request is sent twice, writes as well.`,
            "zh-CN": `${place.own.name} 的 ${place.route.at} 镜像到 ${name}，没有写百分比：每个请求都会发两遍，写操作也不例外。`,
          }
        : {
            en: `${place.route.at} of ${place.own.name} mirrors ${share} % of the requests to ${name}, writes as well: what both share (databases, queues, quotas) carries the load twice.`,
            "zh-CN": `${place.own.name} 的 ${place.route.at} 把 ${share}% 的请求镜像到 ${name}，写操作也不例外：双方共用的数据库、队列和配额要承受双倍压力。`,
          },
    observed:
      share === undefined ? { en: "no percentage (100 %)", "zh-CN": "没有百分比（即 100 %）" } : `${share} %`,
    expected: { en: `at most ${mostPercent} %`, "zh-CN": `不超过 ${mostPercent} %` },
    fix: {
      en: "Begin with a small mirrorPercentage.value, match reads only, and give the mirror its own database.",
      "zh-CN": "从较小的 mirrorPercentage.value 开始，只匹配读请求，并给镜像目标配独立的数据库。",
    },
  });
}

export function toItself(place: MirrorPlace): Finding {
  const name = nameOf(place.mirror);
  return found(place, "mirrors-to-itself", {
    verdict: "warn",
    message: {
      en: `${place.route.at} of ${place.own.name} mirrors to ${name}, which already gets the request itself: the same pods handle it twice.`,
      "zh-CN": `${place.own.name} 的 ${place.route.at} 镜像到 ${name}，而原请求本来就发给它：同一批 Pod 把请求处理两遍。`,
    },
    observed: { en: `route and mirror: ${name}`, "zh-CN": `路由和镜像都是 ${name}` },
    expected: { en: "another Service or subset", "zh-CN": "另一个 Service 或子集" },
    fix: { en: "Mirror to another subset or Service.", "zh-CN": "镜像到另一个子集或 Service。" },
  });
}

export function shadowRefused(place: MirrorPlace, hosts: readonly string[], receiver: string): Finding {
  const shadows = hosts.map((host) => `${host}-shadow`).join(", ");
  return found(place, "shadow-host-unknown", {
    verdict: "warn",
    message: {
      en: `${place.route.at} of ${place.own.name} mirrors to ${receiver}, which chooses by host. Copies arrive with the host ${shadows}, which it does not have.`,
      "zh-CN": `${place.own.name} 的 ${place.route.at} 镜像到 ${receiver}，而它按域名选择后端。副本带着 ${shadows} 到达，那里没有这个域名。`,
    },
    observed: shadows,
    expected: {
      en: "a receiver that does not look at the host, or has the -shadow one",
      "zh-CN": "接收方不看 Host，或配置了 -shadow 主机名",
    },
    fix: {
      en: `Mirror to the Service behind it, or let it answer for ${shadows} as well.`,
      "zh-CN": `直接镜像到它后面的 Service，或让它也接受 ${shadows}。`,
    },
  });
}

export function oldField(place: MirrorPlace): Finding {
  const { share = 100 } = place.mirror;
  return found(place, "deprecated-percent", {
    verdict: "warn",
    message: {
      en: `${place.route.at} of ${place.own.name} gives the mirror's share as mirrorPercent, a deprecated field of whole numbers.`,
      "zh-CN": `${place.own.name} 的 ${place.route.at} 用 mirrorPercent 写镜像比例，这是已废弃的整数字段。`,
    },
    observed: `mirrorPercent: ${share}`,
    expected: `mirrorPercentage: { value: ${share} }`,
    fix: { en: "Write it as mirrorPercentage.value.", "zh-CN": "改写成 mirrorPercentage.value。" },
  });
}
