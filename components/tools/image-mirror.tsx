"use client";

import { useTranslations } from "next-intl";
import { isMirror, mirrorLines, mirrorSteps, mirrorStyles } from "#common/tools/image-mirror.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input, Textarea } from "../ui/input.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";

const state = {
  mirror: textPart("registry.cn-hangzhou.aliyuncs.com/kainstall"),
  style: choicePart(mirrorStyles, "last"),
  images: textPart("k8s.gcr.io/kube-proxy:v1.20.5\nk8s.gcr.io/coredns/coredns:v1.8.0"),
};
const keys = { mirror: "image-mirror.mirror", style: "image-mirror.style", images: "image-mirror.images" };

export default function ImageMirrorTool() {
  const t = useTranslations("tool-image-mirror");
  const [{ mirror, style, images }, choose] = useUrlState(state, { keys });
  const at = mirror.trim();
  const isGood = isMirror(at);
  const lines = isGood ? mirrorLines(images, at, style) : [];
  const steps = mirrorSteps(lines);
  const problems = lines.filter((line) => "problem" in line).length;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-start gap-x-6 gap-y-4 sm:grid-cols-2">
        <Field label={t("mirror")} help={t("mirrorHelp")} error={isGood ? undefined : t("mirrorWrong")}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={mirror}
              onChange={(event) => choose({ mirror: event.target.value })}
            />
          )}
        </Field>
        <ChoiceField
          label={t("styleLabel")}
          values={mirrorStyles}
          value={style}
          words={(one) => t(`style.${one}`)}
          onChange={(one) => choose({ style: one })}
        />
        <Field label={t("images")} className="sm:col-span-2">
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              spellCheck={false}
              className="font-mono"
              value={images}
              onChange={(event) => choose({ images: event.target.value })}
            />
          )}
        </Field>
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {isGood ? t("result", { good: lines.length - problems, problems }) : t("notYet")}
      </p>
      {lines.length > 0 ? (
        <Table label={t("table")}>
          <Thead>
            <tr>
              <Th>{t("from")}</Th>
              <Th>{t("to")}</Th>
            </tr>
          </Thead>
          <tbody>
            {lines.map((line) => (
              <Tr key={line.from}>
                <Td className="font-mono break-all">{line.from}</Td>
                <Td className={"to" in line ? "font-mono break-all" : "text-fail"}>
                  {"to" in line ? line.to : t(`problem.${line.problem}`)}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      ) : null}
      <CommandSteps steps={steps} words={(id) => t(`step.${id}`)} />
    </section>
  );
}
