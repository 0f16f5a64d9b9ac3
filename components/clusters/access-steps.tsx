"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import type { AccessPermission } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

/** Manifest, commands, and in words what they allow. */
export default function AccessSteps({ pasteHere }: { pasteHere?: boolean }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const words = useErrorWords();
  const listName = useId();
  const { data, error } = useQuery(trpc.cluster.accessManifest.queryOptions({ team }));
  if (error) return <FormError>{words(error).form}</FormError>;
  if (!data) return <SkeletonRows rows={3} label={t("guideLoading")} />;
  return (
    <div className="max-w-2xl space-y-4">
      <p className="text-soft">{t("guideIntro")}</p>
      <ol className="list-decimal space-y-3 pl-5">
        <Step text={t("guideSave")}>
          <CodeBlock code={data.manifest} caption="weekbook-reader.yaml" className="[&_pre]:max-h-72" />
        </Step>
        <Step text={t("guideApply")}>
          <CodeBlock code={data.commands.apply} />
        </Step>
        <Step text={pasteHere ? t("guideKubeconfig") : t("guideKubeconfigElsewhere")}>
          <CodeBlock code={data.commands.kubeconfig} className="[&_pre]:max-h-72" />
        </Step>
      </ol>
      <div>
        <p id={listName} className="mb-1 font-medium">
          {t("guidePermissions")}
        </p>
        <ul aria-labelledby={listName} className="space-y-0.5">
          {data.permissions.map((permission) => (
            <Permission
              key={`${permission.verb} ${permission.group}/${permission.resource}`}
              permission={permission}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

function Step({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <li>
      <p className="mb-1">{text}</p>
      {children}
    </li>
  );
}

function Permission({ permission }: { permission: AccessPermission }) {
  const t = useTranslations("clusters");
  const { verb, group, resource, privileged, requiredBy, optionalFor } = permission;
  const reasons = [
    requiredBy.length > 0 ? t("permissionNeededBy", { count: requiredBy.length }) : null,
    optionalFor.length > 0 ? t("permissionOptionalFor", { count: optionalFor.length }) : null,
    privileged ? t(requiredBy.length > 0 ? "permissionPrivileged" : "permissionLeftOut") : null,
  ].filter((reason) => reason !== null);
  return (
    <li>
      {t("permissionWords", { verb, resource: group ? `${resource}.${group}` : resource })}
      <span className="text-faint"> · {reasons.join(" · ") || t("permissionForNames")}</span>
    </li>
  );
}
