"use client";

import { useTranslations } from "next-intl";
import { portChanges, portProtocols, portsProblems, portsSteps } from "#common/tools/container-ports.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

const state = {
  containerPort: textPart("80"),
  hostPort: textPart("8080"),
  hostAddress: textPart(""),
  id: textPart("dcecb9ec1a17beb90770e11767dfa0bed8f03d566f64a7975d25ca0cb646a057"),
  dataRoot: textPart("/var/lib/docker"),
  protocol: choicePart(portProtocols, "tcp"),
  change: choicePart(portChanges, "publish"),
};
const keys = {
  containerPort: "container-ports.port",
  hostPort: "container-ports.host-port",
  hostAddress: "container-ports.address",
  id: "container-ports.id",
  dataRoot: "container-ports.root",
  protocol: "container-ports.protocol",
  change: "container-ports.change",
};
const texts = ["containerPort", "hostPort", "hostAddress", "id", "dataRoot"] as const;

export default function ContainerPortsTool() {
  const t = useTranslations("tool-container-ports");
  const [input, choose] = useUrlState(state, { keys });
  const problems = portsProblems(input);
  const shown = texts.filter(
    (name) => input.change === "publish" || (name !== "hostPort" && name !== "hostAddress"),
  );
  const values = {
    change: input.change,
    port: `${input.containerPort}/${input.protocol}`,
    host: `${input.hostAddress.includes(":") ? `[${input.hostAddress}]` : input.hostAddress || "*"}:${input.hostPort}`,
    id: input.id.slice(0, 12),
  };
  return (
    <CommandBuilder
      label={t("title")}
      entries={shown.map((name) => ({
        name,
        value: input[name],
        label: t(name),
        help: name === "id" ? t("idHelp") : undefined,
        error: problems.includes(name) ? t(`wrong.${name}`) : undefined,
      }))}
      onText={choose}
      choices={
        <>
          <ChoiceField
            label={t("protocol")}
            values={portProtocols}
            value={input.protocol}
            onChange={(protocol) => choose({ protocol })}
          />
          <ChoiceField
            label={t("change")}
            values={portChanges}
            value={input.change}
            words={(change) => t(`changes.${change}`)}
            onChange={(change) => choose({ change })}
          />
        </>
      }
      said={problems.length > 0 ? t("notYet") : t("result", values)}
      beside={<p className="text-ink">{t("rather")}</p>}
      steps={problems.length > 0 ? [] : portsSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
