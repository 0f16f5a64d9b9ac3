"use client";

import { useTranslations } from "next-intl";
import { byHeaderOrder, byTrustedHops, type Hop } from "#common/tools/real-client-ip.ts";
import { textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { TextFields } from "./parts/text-fields.tsx";

const state = {
  original: textPart("192.0.2.1"),
  forwarded: textPart("192.0.2.1, 203.0.113.7"),
  realIp: textPart("203.0.113.7"),
  peer: textPart("10.0.3.4:51234"),
  trusted: textPart("10.0.0.0/8"),
};
const keys = {
  original: "real-client-ip.original",
  forwarded: "real-client-ip.forwarded",
  realIp: "real-client-ip.real",
  peer: "real-client-ip.peer",
  trusted: "real-client-ip.trusted",
};
const names = ["original", "forwarded", "realIp", "peer", "trusted"] as const;

export default function RealClientIpTool() {
  const t = useTranslations("tool-real-client-ip");
  const [input, choose] = useUrlState(state, { keys });
  const ordered = byHeaderOrder(input);
  const counted = byTrustedHops(input);
  const isSame = ordered.address === counted.address;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <TextFields
          entries={names.map((name) => ({
            name,
            value: input[name],
            label: t(name),
            help: t(`${name}Help`),
          }))}
          onText={choose}
        />
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">
          {ordered.source === "none"
            ? t("nothing")
            : t("ordered", { address: ordered.address, source: t(`sources.${ordered.source}`) })}
        </p>
        <p className={isSame ? "mt-1 text-soft" : "mt-1 font-medium text-fail"}>
          {counted.address === ""
            ? t("noPeer")
            : t(isSame ? "same" : "different", { address: counted.address, other: ordered.address })}
        </p>
      </div>
      <Hops hops={counted.hops} />
    </section>
  );
}

/** The chain as it stands in the header, the connection last. */
function Hops({ hops }: { hops: readonly Hop[] }) {
  const t = useTranslations("tool-real-client-ip");
  const looks: Record<Hop["kind"], string> = {
    unproven: "border-dashed border-control text-faint",
    client: "border-accent text-ink",
    proxy: "border-line text-soft",
  };
  return (
    <ol aria-label={t("chain")} className="flex flex-wrap items-stretch gap-2">
      {hops.map(({ text, kind }, index) => (
        <li
          // The same address may stand in the chain twice.
          key={`${String(index)} ${text}`}
          className={`min-w-0 rounded-control border px-3 py-1.5 ${looks[kind]}`}
        >
          <code className="break-all">{text || "–"}</code>
          <span className="block text-dense">{t(`kinds.${kind}`)}</span>
        </li>
      ))}
    </ol>
  );
}
