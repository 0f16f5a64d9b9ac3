import { cacheState } from "#common/cache-headers.ts";
import type { Finding } from "#common/result.ts";
import { type CachedAnswer, withoutQuery } from "./cdn-findings.ts";
import type { Unread } from "./need.ts";

/** Whether a cache gave an answer. */
export const isHit = ({ headers }: CachedAnswer) => cacheState(new Map(headers)).state === "hit";

type Share = { told: number; hits: number };

/** Of addresses answered well whose last answer tells what a cache did: one that is silent is no miss, an error no hit. */
export function hitShare(all: readonly (readonly CachedAnswer[])[]): Share {
  const last = all.flatMap((answers) => answers.slice(-1)).filter(({ status }) => status < 400);
  const told = last.filter(({ headers }) => cacheState(new Map(headers)).state !== "silent");
  return { told: told.length, hits: told.filter(isHit).length };
}

/** Cut, not rounded: what is shown must not reach a bound that was missed. */
export const percentOf = ({ told, hits }: Share) => Math.floor((1_000 * hits) / told) / 10;

export function ratioFinding(share: Share, minPercent: number): Finding {
  const { told, hits } = share;
  const percent = percentOf(share);
  const isLow = 100 * hits < minPercent * told;
  return {
    verdict: isLow ? "warn" : "pass",
    code: isLow ? "hit-ratio-low" : "hit-ratio",
    subject: { kind: "endpoint", name: "addresses" },
    message: {
      en: `Of ${told} addresses whose answers tell, ${hits} ${hits === 1 ? "was" : "were"} answered by a cache in the end (${percent} %).`,
      "zh-CN": `${told} 个能看出缓存情况的地址中，最后有 ${hits} 个由缓存应答（${percent}%）。`,
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
