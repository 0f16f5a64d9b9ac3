"use client";

import { useTranslations } from "next-intl";
import {
  conversionProblems,
  conversionSteps,
  diskAdapters,
  diskKinds,
  sourceFormats,
} from "#common/tools/kvm-to-esxi.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

const state = {
  image: textPart("/var/lib/libvirt/images/centos-t1.img"),
  name: textPart("centos-t1"),
  host: textPart("esxi.example"),
  folder: textPart("/vmfs/volumes/datastore1/centos-t1"),
  format: choicePart(sourceFormats, "qcow2"),
  adapter: choicePart(diskAdapters, "lsilogic"),
  kind: choicePart(diskKinds, "thin"),
};
const keys = {
  image: "kvm-to-esxi.image",
  name: "kvm-to-esxi.name",
  host: "kvm-to-esxi.host",
  folder: "kvm-to-esxi.folder",
  format: "kvm-to-esxi.format",
  adapter: "kvm-to-esxi.adapter",
  kind: "kvm-to-esxi.kind",
};
const texts = ["image", "name", "host", "folder"] as const;

export default function KvmToEsxiTool() {
  const t = useTranslations("tool-kvm-to-esxi");
  const [input, choose] = useUrlState(state, { keys });
  const problems = conversionProblems(input);
  return (
    <CommandBuilder
      label={t("title")}
      entries={texts.map((name) => ({
        name,
        value: input[name],
        label: t(name),
        error: problems.includes(name) ? t(`${name}Wrong`) : undefined,
      }))}
      onText={choose}
      choices={
        <>
          <ChoiceField
            label={t("format")}
            values={sourceFormats}
            value={input.format}
            onChange={(format) => choose({ format })}
          />
          <ChoiceField
            label={t("adapter")}
            values={diskAdapters}
            value={input.adapter}
            onChange={(adapter) => choose({ adapter })}
          />
          <ChoiceField
            label={t("kind")}
            values={diskKinds}
            value={input.kind}
            onChange={(kind) => choose({ kind })}
          />
        </>
      }
      said={problems.length > 0 ? t("notYet") : t("result", { image: input.image, name: input.name })}
      steps={problems.length > 0 ? [] : conversionSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
