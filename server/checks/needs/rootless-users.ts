import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { isUnread, type Unread } from "./need.ts";
import { countOf, type IdRange, type MappingTool, overlaps } from "./subordinate-ids.ts";

type Facts = {
  subuid: IdRange[] | Unread;
  subgid: IdRange[] | Unread;
  tools: MappingTool[] | Unread;
  capabilities: string[] | Unread;
};
type Params = { user: string; minIds: number };
type Ranges = { uids: IdRange[]; gids: IdRange[] };

/** `prepared`: somebody was given ids, or one user is asked for, so that rootless containers are meant to work. */
export function mappingFindings(
  machine: string,
  facts: Facts,
  params: Params,
): { prepared: boolean; findings: Finding[] } {
  const { subuid, subgid } = facts;
  const hidden = [subuid, subgid].find((fact) => isUnread(fact) && fact.unread.code !== "not-found");
  const uids = isUnread(subuid) ? [] : subuid;
  const gids = isUnread(subgid) ? [] : subgid;
  const prepared = params.user !== "" || uids.length + gids.length > 0;
  const ranges = hidden
    ? [rangesUnread(machine, hidden as Unread)]
    : rangeFindings(machine, { uids, gids }, params);
  return { prepared, findings: [...ranges, ...toolFindings(machine, facts, prepared ? "fail" : "warn")] };
}

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });

function rangesUnread(machine: string, fact: Unread): Finding {
  const message = {
    en: `The subordinate ids could not be read (${fact.unread.code}): ${fact.unread.what}.`,
    "zh-CN": `无法读取从属 ID（${fact.unread.code}）：${fact.unread.what}。`,
  };
  return { verdict: "unknown", code: "ranges-unread", subject: subjectOf(machine, "/etc/subuid"), message };
}

function rangeFindings(machine: string, { uids, gids }: Ranges, { user, minIds }: Params): Finding[] {
  const everybody = [...new Set([...uids, ...gids].map((range) => range.user))].sort();
  const users = user === "" ? everybody : [user];
  if (users.length === 0) {
    const message = {
      en: "No user has subordinate ids: rootless containers get a single user, and most images need more.",
      "zh-CN": "没有任何用户分到从属 ID：无根容器里只能有一个用户，而多数镜像需要更多。",
    };
    const subject = subjectOf(machine, "/etc/subuid");
    const remedy = [giveIds("$USER", 100_000, minIds)];
    return [{ verdict: "warn", code: "ranges-none", subject, message, expected: `≥ ${minIds}`, remedy }];
  }
  const files = [
    { file: "/etc/subuid", ranges: uids },
    { file: "/etc/subgid", ranges: gids },
  ];
  return [
    ...users.map((name) => userFinding(machine, name, { uids, gids }, minIds)),
    ...files.flatMap(({ file, ranges }) =>
      overlaps(ranges)
        .filter((pair) => user === "" || pair.some((range) => range.user === user))
        .map((pair) => overlapFinding(machine, file, pair)),
    ),
  ];
}

function giveIds(user: string, start: number, minIds: number): RemedyStep {
  const range = `${start}-${start + minIds - 1}`;
  return {
    purpose: "fix",
    text: { en: "Give a range that nobody else has", "zh-CN": "分配一段没有别人使用的 ID" },
    command:
      user === "$USER"
        ? `sudo usermod --add-subuids ${range} --add-subgids ${range} "$USER"`
        : shellCommand("sudo", "usermod", "--add-subuids", range, "--add-subgids", range, user),
  };
}

function userFinding(machine: string, user: string, { uids, gids }: Ranges, minIds: number): Finding {
  const counts = { uid: countOf(uids, user), gid: countOf(gids, user) };
  const subject = subjectOf(machine, user);
  const observed = `${counts.uid} user ids, ${counts.gid} group ids`;
  const least = Math.min(counts.uid, counts.gid);
  const free = Math.max(100_000, ...[...uids, ...gids].map(({ start, count }) => start + count));
  if (least >= minIds) {
    const message = {
      en: `${user} has ${counts.uid} subordinate user ids and ${counts.gid} group ids.`,
      "zh-CN": `${user} 有 ${counts.uid} 个从属用户 ID、${counts.gid} 个组 ID。`,
    };
    return { verdict: "pass", code: "ranges-given", subject, message, observed };
  }
  const half = least === 0 && counts.uid + counts.gid > 0;
  return {
    verdict: least === 0 ? "fail" : "warn",
    code: least > 0 ? "range-short" : half ? "ranges-of-one-file" : "ranges-none",
    subject,
    message:
      least > 0
        ? {
            en: `${user} has only ${least} subordinate ids: files of higher ids in an image cannot be unpacked.`,
            "zh-CN": `${user} 只有 ${least} 个从属 ID：镜像里 ID 更大的文件无法解包。`,
          }
        : half
          ? {
              en: `${user} stands in only one of /etc/subuid and /etc/subgid: the mapping is refused.`,
              "zh-CN": `${user} 只出现在 /etc/subuid 和 /etc/subgid 其中之一：映射会被拒绝。`,
            }
          : {
              en: `${user} has no subordinate ids: a container of theirs has a single user.`,
              "zh-CN": `${user} 没有从属 ID：他的容器里只能有一个用户。`,
            },
    observed,
    expected: `≥ ${minIds}`,
    remedy: [
      giveIds(user, free, minIds),
      {
        purpose: "fix",
        text: {
          en: "As that user, let podman use the new range",
          "zh-CN": "以该用户身份让 podman 使用新的范围",
        },
        command: "podman system migrate",
      },
    ],
  };
}

function overlapFinding(machine: string, file: string, [first, second]: [IdRange, IdRange]): Finding {
  const shown = ({ user, start, count }: IdRange) => `${user}:${start}-${start + count - 1}`;
  return {
    verdict: "fail",
    code: "ranges-overlap",
    subject: subjectOf(machine, `${file} ${first.user} ${second.user}`),
    message: {
      en: `${first.user} and ${second.user} share ids in ${file}: each may read and write the files of the other's containers.`,
      "zh-CN": `${first.user} 和 ${second.user} 在 ${file} 里的 ID 有重叠：双方可以读写对方容器的文件。`,
    },
    observed: `${shown(first)}, ${shown(second)}`,
    expected: "no overlap",
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See all ranges in order", "zh-CN": "按顺序列出所有范围" },
        command: `sort -t: -k2n ${file}`,
      },
    ],
  };
}

function toolFindings(machine: string, { tools, capabilities }: Facts, bad: "warn" | "fail"): Finding[] {
  const names = ["newuidmap", "newgidmap"];
  const subject = subjectOf(machine, names.join(", "));
  if (isUnread(tools)) {
    const message = {
      en: `Whether newuidmap and newgidmap are there could not be found out (${tools.unread.code}).`,
      "zh-CN": `无法确定是否装有 newuidmap 和 newgidmap（${tools.unread.code}）。`,
    };
    return [{ verdict: "unknown", code: "mapping-tool-unread", subject, message }];
  }
  const missing = names.filter((name) => !tools.some((tool) => tool.name === name));
  const able = isUnread(capabilities) ? [] : capabilities;
  const weak = tools.filter(({ name, setuidRoot }) => !setuidRoot && !able.includes(name));
  const findings = missing.map((name): Finding => toolMissing(subjectOf(machine, name), bad));
  for (const { name } of weak)
    findings.push(powerless(subjectOf(machine, name), isUnread(capabilities), bad));
  if (findings.length > 0) return findings;
  const message = {
    en: "newuidmap and newgidmap are there and may set ids.",
    "zh-CN": "newuidmap 和 newgidmap 已安装，并且有设置 ID 的权限。",
  };
  return [{ verdict: "pass", code: "mapping-tools", subject, message }];
}

function toolMissing(subject: Subject, bad: "warn" | "fail"): Finding {
  const message = {
    en: `${subject.part} is not in /usr/bin: only a single id can be mapped into a container.`,
    "zh-CN": `/usr/bin 下没有 ${subject.part}：容器里只能映射一个 ID。`,
  };
  const text = {
    en: "Install it: package uidmap on Debian and Ubuntu, shadow-utils on Fedora and RHEL, shadow-uidmap on Alpine",
    "zh-CN": "安装它：Debian/Ubuntu 是 uidmap，Fedora/RHEL 是 shadow-utils，Alpine 是 shadow-uidmap",
  };
  const remedy: RemedyStep[] = [{ purpose: "fix", text, command: "sudo apt-get install --yes uidmap" }];
  return { verdict: bad, code: "mapping-tool-missing", subject, message, observed: "not found", remedy };
}

function powerless(subject: Subject, capabilitiesUnread: boolean, bad: "warn" | "fail"): Finding {
  if (capabilitiesUnread) {
    const message = {
      en: `${subject.part} is not setuid root; whether it has file capabilities instead cannot be told without getcap.`,
      "zh-CN": `${subject.part} 不是 setuid root；没有 getcap，无法确定它是否改用了文件 capability。`,
    };
    return { verdict: "unknown", code: "mapping-tool-unread", subject, message };
  }
  const message = {
    en: `${subject.part} is neither setuid root nor has it the capability to set ids: it maps nothing.`,
    "zh-CN": `${subject.part} 既不是 setuid root，也没有设置 ID 的 capability：什么都映射不了。`,
  };
  const text = { en: "Give it back its bit", "zh-CN": "恢复 setuid 位" };
  const command = `sudo chown root:root /usr/bin/${subject.part} && sudo chmod 4755 /usr/bin/${subject.part}`;
  const remedy: RemedyStep[] = [{ purpose: "fix", text, command }];
  return { verdict: bad, code: "mapping-tool-powerless", subject, message, expected: "mode 4755", remedy };
}
