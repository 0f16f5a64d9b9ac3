"use client";

import { useTranslations } from "next-intl";
import { capacityOf, nginxNames, nginxProblems, nginxSteps } from "#common/tools/nginx-concurrency.ts";
import { flagPart, integerPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Switch } from "../ui/toggle.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { TextFields } from "./parts/text-fields.tsx";
import { within } from "./parts/within.ts";

const state = {
  keepAliveRequests: integerPart(10_000),
  upstreamKeepalive: integerPart(1000),
  workerConnections: integerPart(65_536),
  somaxconn: integerPart(65_535),
  portLow: integerPart(1024),
  portHigh: integerPart(65_535),
  reuse: flagPart(true),
  namespace: textPart("ingress-nginx"),
  configMap: textPart("ingress-nginx-controller"),
  deployment: textPart("ingress-nginx-controller"),
};
const keys = {
  keepAliveRequests: "nginx-concurrency.requests",
  upstreamKeepalive: "nginx-concurrency.upstream",
  workerConnections: "nginx-concurrency.worker",
  somaxconn: "nginx-concurrency.somaxconn",
  portLow: "nginx-concurrency.low",
  portHigh: "nginx-concurrency.high",
  reuse: "nginx-concurrency.reuse",
  namespace: "nginx-concurrency.namespace",
  configMap: "nginx-concurrency.configmap",
  deployment: "nginx-concurrency.deployment",
};
const bounds = {
  keepAliveRequests: [1, 1_000_000],
  upstreamKeepalive: [1, 100_000],
  workerConnections: [64, 1_048_576],
  somaxconn: [128, 65_535],
  portLow: [1024, 65_535],
  portHigh: [1024, 65_535],
} as const;
type Bounded = keyof typeof bounds;
const numbers = Object.keys(bounds) as Bounded[];

export default function NginxConcurrencyTool() {
  const t = useTranslations("tool-nginx-concurrency");
  const [chosen, choose] = useUrlState(state, { keys });
  const bounded = Object.fromEntries(
    numbers.map((name) => [name, within(chosen[name], bounds[name][0], bounds[name][1])]),
  );
  const input = { ...chosen, ...(bounded as Record<Bounded, number>) };
  const problems = nginxProblems(input);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-3">
        {numbers.map((name) => (
          <NumberField
            key={name}
            label={t(name)}
            min={bounds[name][0]}
            max={bounds[name][1]}
            value={input[name]}
            onChange={(value) => choose({ [name]: value })}
          />
        ))}
        <TextFields
          entries={nginxNames.map((name) => ({
            name,
            value: input[name],
            label: t(name),
            error: problems.includes(name) ? t("nameWrong") : undefined,
          }))}
          onText={choose}
        />
        <Switch
          label={t("reuse")}
          checked={input.reuse}
          onChange={(event) => choose({ reuse: event.target.checked })}
        />
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {problems.includes("ports")
          ? t("portsWrong")
          : problems.length > 0
            ? t("notYet")
            : t("result", { ...capacityOf(input), perConnection: input.keepAliveRequests })}
      </p>
      {problems.length > 0 ? null : (
        <CommandSteps steps={nginxSteps(input)} words={(id) => t(`step.${id}`)} />
      )}
    </section>
  );
}
