"use client";

import clsx from "clsx";
import { useFormatter, useTranslations } from "next-intl";
import {
  goals,
  type Hop,
  networks,
  overheadBytes,
  packetPath,
  podMtu,
  proxies,
  ruleProbabilities,
} from "#common/tools/packet-path.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { within } from "./parts/within.ts";

const most = { endpoints: 1000, mtu: 9216 };
const state = {
  endpoints: integerPart(2),
  goal: choicePart(goals, "service"),
  network: choicePart(networks, "flannel-vxlan"),
  proxy: choicePart(proxies, "iptables"),
  mtu: integerPart(1500),
};
const keys = {
  endpoints: "packet-path.endpoints",
  goal: "packet-path.goal",
  network: "packet-path.network",
  proxy: "packet-path.proxy",
  mtu: "packet-path.mtu",
};

export default function PacketPathTool() {
  const t = useTranslations("tool-packet-path");
  const [{ goal, network, proxy, ...numbers }, choose] = useUrlState(state, { keys });
  const endpoints = Math.round(within(numbers.endpoints, 1, most.endpoints));
  const nodeMtu = Math.round(within(numbers.mtu, 576, most.mtu));
  const input = { goal, network, proxy, endpoints, nodeMtu };
  const hops = packetPath(input);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-3">
        <NumberField
          label={t("endpoints")}
          value={endpoints}
          min={1}
          max={most.endpoints}
          onChange={(value) => choose({ endpoints: value })}
        />
        <ChoiceField
          label={t("goalLabel")}
          value={goal}
          values={goals}
          words={(one) => t(`goal.${one}`)}
          onChange={(one) => choose({ goal: one })}
        />
        <ChoiceField
          label={t("networkLabel")}
          value={network}
          values={networks}
          words={(one) => t(`network.${one}`)}
          onChange={(one) => choose({ network: one })}
        />
        <ChoiceField
          label={t("proxyLabel")}
          value={proxy}
          values={proxies}
          words={(one) => t(`proxy.${one}`)}
          onChange={(one) => choose({ proxy: one })}
        />
        <NumberField
          label={t("mtu")}
          value={nodeMtu}
          min={576}
          max={most.mtu}
          onChange={(value) => choose({ mtu: value })}
        />
      </div>
      <div aria-live="polite" className="grid gap-1">
        <p className="text-lead text-ink">{t(`result.${goal}`, { hops: hops.length })}</p>
        <p className="text-soft">
          {goal === "outside" || goal === "same-node"
            ? t("mtuInside", { mtu: nodeMtu })
            : t("mtuResult", { overhead: overheadBytes[network], pod: podMtu(input), node: nodeMtu })}
        </p>
        <Share proxy={proxy} endpoints={endpoints} isService={goal === "service"} />
      </div>
      <ol className="grid">
        {hops.map((hop, index) => (
          <HopRow
            key={`${hop.place}-${hop.kind}`}
            hop={hop}
            before={hops[index - 1]}
            isLast={index === hops.length - 1}
          />
        ))}
      </ol>
    </section>
  );
}

/** How one of the endpoints is chosen, which is what the number of endpoints changes. */
function Share({
  proxy,
  endpoints,
  isService,
}: {
  proxy: (typeof proxies)[number];
  endpoints: number;
  isService: boolean;
}) {
  const t = useTranslations("tool-packet-path");
  const format = useFormatter();
  if (!isService) return <p className="text-faint">{t("noChoice", { endpoints })}</p>;
  const rules = ruleProbabilities(endpoints).slice(0, 4);
  const words = rules.map((one) => format.number(one, { maximumFractionDigits: 3 })).join(", ");
  return (
    <p className="text-soft">
      {t(`share.${proxy}`, { endpoints, rules: `${words}${endpoints > rules.length ? ", …" : ""}` })}
    </p>
  );
}

function HopRow({ hop, before, isLast }: { hop: Hop; before: Hop | undefined; isLast: boolean }) {
  const t = useTranslations("tool-packet-path");
  const changed = (now: string, then: string | undefined) => then !== undefined && now !== then;
  const address = (now: string, then: string | undefined) => (
    <span className={clsx("font-mono", changed(now, then) ? "font-medium text-accent" : "text-ink")}>
      {now}
    </span>
  );
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3">
      <span aria-hidden="true" className="flex flex-col items-center">
        <span className="mt-1.5 size-2.5 shrink-0 rounded-full bg-accent" />
        {isLast ? null : <span className="w-px flex-1 bg-line" />}
      </span>
      <div className="min-w-0 pb-4">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
          <span className="font-medium text-ink">{t(`place.${hop.place}`)}</span>
          <span className="text-dense tabular-nums">
            {address(hop.from, before?.from)} <span aria-hidden="true">→</span>
            <span className="sr-only">{t("to")}</span> {address(hop.to, before?.to)}
          </span>
          {hop.outer ? (
            <span className="text-dense text-soft">
              {t("outer")} <span className="font-mono">{`${hop.outer.from} → ${hop.outer.to}`}</span>
            </span>
          ) : null}
        </p>
        <p className="mt-0.5 text-soft">{t(`hop.${hop.kind}`)}</p>
      </div>
    </li>
  );
}
