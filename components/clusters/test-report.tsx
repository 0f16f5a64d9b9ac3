"use client";
import { useLocale, useMessages, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { ConnectionTest } from "#common/contracts/cluster.ts";
import { duration } from "#common/format.ts";
import { permissionWords } from "#common/kubernetes/credential-gaps.ts";
import { CheckIcon, CloseIcon } from "#components/ui/icons.tsx";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { FailGlyph, WarnGlyph } from "#components/ui/verdict-glyphs.tsx";

const CredentialGaps = lazy(() => import("./credential-gaps.tsx"));

/** What a test of a connection found: who, what it may, how fast; or in plain words what is wrong. */
export function TestReport({ test }: { test: ConnectionTest }) {
  return test.ok ? <Connected test={test} /> : <Failed reason={test.reason} />;
}

function Connected({ test }: { test: Extract<ConnectionTest, { ok: true }> }) {
  const t = useTranslations("clusters");
  const locale = useLocale();
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1">
        <dt className="text-faint">{t("version")}</dt>
        <dd className="font-mono text-[0.75rem] leading-5 break-words">{test.version}</dd>
        <dt className="text-faint">{t("usedAs")}</dt>
        <dd className="font-mono text-[0.75rem] leading-5 break-all">{test.userName || t("unknownUser")}</dd>
        {test.groups.length > 0 ? (
          <>
            <dt className="text-faint">{t("groups")}</dt>
            <dd className="font-mono text-[0.75rem] leading-5 break-words">{test.groups.join(", ")}</dd>
          </>
        ) : null}
        <dt className="text-faint">{t("latency")}</dt>
        <dd>{duration(test.latencyMs, locale)}</dd>
      </dl>
      {test.broad ? (
        <div className="flex gap-2.5 border-l-2 border-warn bg-warn-wash px-3 py-2">
          <WarnGlyph className="mt-0.5 shrink-0 text-warn" />
          <div>
            <p className="font-medium">{t("broadTitle")}</p>
            <p className="text-soft">
              {powers(test) === "" ? t("broadText") : t("broadPowers", { powers: powers(test) })}
            </p>
          </div>
        </div>
      ) : null}
      {test.permissions.length > 0 ? (
        <>
          <Suspense>
            <CredentialGaps test={test} />
          </Suspense>
          <Permissions permissions={test.permissions} />
        </>
      ) : null}
    </div>
  );
}

/** The single things it may; empty where it may everything. */
function powers({ beyond }: Extract<ConnectionTest, { ok: true }>): string {
  if (beyond.some(({ resource }) => resource === "*")) return "";
  return beyond.map(permissionWords).join(", ");
}

type Permission = Extract<ConnectionTest, { ok: true }>["permissions"][number];

function Permissions({ permissions }: { permissions: Permission[] }) {
  const t = useTranslations("clusters");
  return (
    <div>
      <h4 className="mb-1">{t("permissions")}</h4>
      <Table label={t("permissions")} className="max-w-xl">
        <Thead>
          <tr>
            <Th>{t("resource")}</Th>
            <Th>{t("verb")}</Th>
            <Th>{t("permission")}</Th>
          </tr>
        </Thead>
        <tbody>
          {permissions.map((one) => (
            <Tr key={`${one.verb} ${one.group}/${one.resource} ${one.namespace ?? ""}`}>
              <Td className="font-mono text-[0.75rem]">
                {one.group ? `${one.resource}.${one.group}` : one.resource}
                {one.namespace ? <span className="text-faint"> {one.namespace}</span> : null}
              </Td>
              <Td className="font-mono text-[0.75rem]">{one.verb}</Td>
              <Td>
                <span
                  className={
                    one.allowed
                      ? "inline-flex items-center gap-1.5"
                      : "inline-flex items-center gap-1.5 text-fail"
                  }
                >
                  {one.allowed ? <CheckIcon size={14} className="text-pass" /> : <CloseIcon size={14} />}
                  {one.allowed ? t("allowed") : t("notAllowed")}
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Failed({ reason }: { reason: Extract<ConnectionTest, { ok: false }>["reason"] }) {
  const t = useTranslations();
  const words = useMessages();
  const [token = "", ...rest] = (reason.detail ?? "").split(":");
  const known = (words.clusters?.failure as Record<string, string> | undefined)?.[token] !== undefined;
  const sentence = known ? t(`clusters.failure.${token}`) : t(`reason.${reason.code}`);
  const own = known ? rest.join(":").trim() : reason.detail;
  return (
    <div className="flex gap-2.5 border-l-2 border-fail bg-fail-wash px-3 py-2">
      <FailGlyph className="mt-0.5 shrink-0 text-fail" />
      <div className="min-w-0">
        <p className="text-body">{sentence}</p>
        <p className="mt-1 font-mono text-[0.75rem] leading-5 break-words text-soft">
          {reason.what}
          {own ? `: ${own}` : null}
        </p>
      </div>
    </div>
  );
}
