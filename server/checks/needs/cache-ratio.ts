import { cacheState } from "#common/cache-headers.ts";
import type { Finding } from "#common/result.ts";
import { type CachedAnswer, withoutQuery } from "./cdn-findings.ts";
import type { Unread } from "./need.ts";

/** Whether a cache gave an answer. */
export const isHit = ({ headers }: CachedAnswer) => cacheState(new Map(headers)).state === "hit";

/** How many addresses of all were answered by a cache in the end, in percent. */
export function hitPercent(all: readonly (readonly CachedAnswer[])[]): number {
  const hits = all.filter((answers) => answers.slice(-1).some(isHit)).length;
  return all.length === 0 ? 0 : Math.round((100 * hits) / all.length);
}

export function ratioFinding(all: readonly (readonly CachedAnswer[])[], minPercent: number): Finding {
  const percent = hitPercent(all);
  const hits = all.filter((answers) => answers.slice(-1).some(isHit)).length;
  const isLow = percent < minPercent;
  return {
    verdict: isLow ? "warn" : "pass",
    code: isLow ? "hit-ratio-low" : "hit-ratio",
    subject: { kind: "endpoint", name: "addresses" },
    message: {
      en: `Of ${all.length} addresses ${hits} were answered by a cache in the end (${percent} %).`,
      "zh-CN": `${all.length} 个地址中，最后有 ${hits} 个由缓存应答（${percent}%）。`,
    },
    observed: `${percent} %`,
    expected: `≥ ${minPercent} %`,
  };
}

export function addressUnread(address: string, { unread }: Unread): Finding {
  return {
    verdict: "unknown",
    code: "address-unread",
    subject: { kind: "endpoint", name: withoutQuery(address) },
    message: {
      en: `The address could not be asked (${unread.code}); it is left out of the share.`,
      "zh-CN": `无法访问该地址（${unread.code}），不计入命中率。`,
    },
  };
}
