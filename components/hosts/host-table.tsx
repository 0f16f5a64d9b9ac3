"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { HostGroupView, HostKeyState, HostView } from "#common/contracts/host.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { FailGlyph, PassGlyph, UnknownGlyph } from "#components/ui/verdict-glyphs.tsx";
import { ReasonWords } from "./reason-words.tsx";

const shownAtFirst = 50;
/** null: whoever looks may not confirm a key. */
type Confirm = ((host: HostView) => void) | null;
/** What needs somebody comes first. */
const order: HostKeyState[] = ["changed", "revoked", "waiting", "unseen", "confirmed"];

export function HostTable({ view, onConfirm }: { view: HostGroupView; onConfirm: Confirm }) {
  const t = useTranslations("hosts");
  const [limit, setLimit] = useState(shownAtFirst);
  const hosts = view.hosts.toSorted((a, b) => rank(a) - rank(b));
  if (hosts.length === 0) return null;
  return (
    <>
      <Table label={view.group.name} className="mt-2">
        <Thead>
          <tr>
            <Th>{t("host")}</Th>
            <Th>{t("keyState")}</Th>
            <Th>{t("outcome")}</Th>
          </tr>
        </Thead>
        <tbody>
          {hosts.slice(0, limit).map((host) => (
            <HostRow key={host.name} host={host} onConfirm={onConfirm} />
          ))}
        </tbody>
      </Table>
      {hosts.length > limit ? (
        <Button className="mt-2" onClick={() => setLimit(hosts.length)}>
          {t("moreHosts", { count: hosts.length - limit })}
        </Button>
      ) : null}
    </>
  );
}

function HostRow({ host, onConfirm }: { host: HostView; onConfirm: Confirm }) {
  const t = useTranslations("hosts");
  const needsSomebody = host.keyState === "waiting" || host.keyState === "changed";
  return (
    <Tr>
      <Td className="align-top font-mono text-[0.75rem] whitespace-nowrap">
        {host.name} {host.isJump ? <Badge>{t("jumpMark")}</Badge> : null}
      </Td>
      <Td className="align-top">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <KeyMark state={host.keyState} />
          {needsSomebody && onConfirm ? (
            <Button size="small" onClick={() => onConfirm(host)}>
              {t("confirm")}
            </Button>
          ) : null}
        </span>
        <span className="block font-mono text-[0.75rem] leading-5 break-all text-faint">
          {host.shown?.fingerprint ?? host.known[0]}
        </span>
      </Td>
      <Td className="align-top">
        {host.ok ? (
          <span className="inline-flex items-center gap-1.5 text-pass">
            <PassGlyph size={15} /> {t("ok")}
          </span>
        ) : host.reason && !needsSomebody ? (
          <ReasonWords reason={host.reason} />
        ) : (
          <span className="text-faint">{t("neverAsked")}</span>
        )}
      </Td>
    </Tr>
  );
}

function rank(host: HostView): number {
  return order.indexOf(host.keyState) * 2 + (host.ok === false ? 0 : 1);
}

function KeyMark({ state }: { state: HostKeyState }) {
  const t = useTranslations("hosts");
  const [Glyph, colour] =
    state === "confirmed"
      ? ([PassGlyph, "text-pass"] as const)
      : state === "changed" || state === "revoked"
        ? ([FailGlyph, "text-fail"] as const)
        : ([UnknownGlyph, "text-unknown"] as const);
  return (
    <span className={`inline-flex items-center gap-1.5 ${colour}`}>
      <Glyph size={15} /> {t(`state.${state}`)}
    </span>
  );
}
