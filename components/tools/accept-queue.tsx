"use client";

import { useTranslations } from "next-intl";
import {
  acceptQueueMaximum,
  synQueueBefore44,
  synQueueOfTable,
  synQueueSince44,
} from "#common/tools/accept-queue.ts";
import { flagPart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Switch } from "../ui/toggle.tsx";
import { Dial } from "./parts/dial.tsx";
import { QueueBars } from "./parts/queue-bars.tsx";
import { within } from "./parts/within.ts";

const most = 65_535;
const stops = [
  1,
  5,
  8,
  16,
  32,
  50,
  64,
  100,
  128,
  200,
  256,
  511,
  512,
  1000,
  1024,
  2048,
  4096,
  8192,
  16_384,
  32_768,
  most,
];

const state = {
  backlog: integerPart(511),
  somaxconn: integerPart(128),
  maxSynBacklog: integerPart(128),
  waiting: integerPart(0),
  syncookies: flagPart(true),
};
const keys = {
  backlog: "accept-queue.backlog",
  somaxconn: "accept-queue.somaxconn",
  maxSynBacklog: "accept-queue.max-syn-backlog",
  waiting: "accept-queue.waiting",
  syncookies: "accept-queue.syncookies",
};

export default function AcceptQueueTool() {
  const t = useTranslations("tool-accept-queue");
  const [chosen, choose] = useUrlState(state, { keys });
  const input = {
    backlog: within(chosen.backlog, 0, most),
    somaxconn: within(chosen.somaxconn, 1, most),
    maxSynBacklog: within(chosen.maxSynBacklog, 1, most),
    syncookies: chosen.syncookies,
  };
  const waiting = within(chosen.waiting, 0, most);
  const accept = acceptQueueMaximum(input);
  const syn = synQueueSince44(input);
  const decides =
    input.backlog === input.somaxconn ? "both" : input.backlog < input.somaxconn ? "backlog" : "somaxconn";
  const result = t("result", { accept, syn, decides });
  const next = t("next", {
    waiting,
    state: waiting < accept ? "room" : waiting === accept ? "last" : "full",
  });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <Dial
          label={t("backlog")}
          value={input.backlog}
          stops={stops}
          onChange={(backlog) => choose({ backlog })}
        />
        <Dial
          label={t("somaxconn")}
          value={input.somaxconn}
          stops={stops}
          onChange={(somaxconn) => choose({ somaxconn })}
        />
        <Dial
          label={t("maxSynBacklog")}
          value={input.maxSynBacklog}
          stops={stops}
          onChange={(maxSynBacklog) => choose({ maxSynBacklog })}
        />
        <Dial
          label={t("waiting")}
          value={waiting}
          stops={[0, ...stops]}
          onChange={(value) => choose({ waiting: value })}
        />
        <Switch
          label={t("syncookies")}
          checked={input.syncookies}
          onChange={(event) => choose({ syncookies: event.target.checked })}
        />
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{result}</p>
        <p className="mt-1 text-soft">{next}</p>
        <p className="mt-1 text-soft">{t(input.syncookies ? "sinceCookies" : "sinceNoCookies")}</p>
      </div>
      <QueueBars
        label={result}
        axis={t("axis")}
        bars={[
          { name: t("acceptQueue"), length: accept, tone: "accent", filled: waiting },
          { name: t("synQueue"), length: syn, tone: "accent" },
          { name: t("synQueueOld"), length: synQueueBefore44(input), tone: "soft" },
        ]}
      />
      <Disclosure summary={t("stepsTitle")}>
        <Table label={t("steps")}>
          <Thead>
            <tr>
              <Th>{t("step")}</Th>
              <Th numeric>{t("value")}</Th>
            </tr>
          </Thead>
          <tbody>
            {synQueueOfTable(input).map(({ step, value }) => (
              <Tr key={step}>
                <Td className="font-mono">{step}</Td>
                <Td numeric>{value}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Disclosure>
    </section>
  );
}
