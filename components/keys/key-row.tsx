"use client";
import { useTranslations } from "next-intl";
import type { ApiKeyView } from "#common/contracts/api-key.ts";
import { useMe } from "#components/team/use-team.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Time } from "#components/ui/time.tsx";
import { scopeName } from "./scope-name.ts";

/** A key: what it is called and begins with, what it may, who it acts for, when it was used and ends. */
export function KeyRow({ apiKey: key, onRevoke }: { apiKey: ApiKeyView; onRevoke: () => void }) {
  const t = useTranslations("keys");
  const { user } = useMe();
  const lost = key.scopes.filter((scope) => !key.scopesNow.includes(scope));
  const ended = key.state !== "active";
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 py-3">
      <div className="min-w-56 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-all">{key.name}</span>
          {key.scopes.map((scope) => (
            <Badge key={scope} outline={lost.includes(scope) ? "dashed" : "solid"}>
              {t(scopeName[scope])}
            </Badge>
          ))}
          {ended ? <Badge outline="strong">{t(key.state)}</Badge> : null}
        </div>
        <div className="mt-0.5 flex flex-wrap gap-x-2 text-faint">
          <code className="font-mono">{key.prefix}…</code>
          <span>{key.madeBy.userId === user?.id ? t("byYou") : t("by", { name: key.madeBy.name })}</span>
        </div>
        {lost.length > 0 && !ended ? (
          <p className="mt-1 text-soft">
            {t("narrowed", { scopes: lost.map((scope) => t(scopeName[scope])).join(", ") })}
          </p>
        ) : null}
      </div>
      <dl className="grid min-w-44 grid-cols-[max-content_1fr] gap-x-3 text-faint">
        <dt>{t("lastUsed")}</dt>
        <dd className="text-soft">{key.lastUsedAt ? <Time at={key.lastUsedAt} /> : t("never")}</dd>
        <dt>{key.revokedAt ? t("revokedAt") : key.state === "expired" ? t("ended") : t("ends")}</dt>
        <dd className="text-soft">
          <Time at={key.revokedAt ?? key.expiresAt} />
        </dd>
      </dl>
      <div className="ml-auto w-20 text-right">
        {ended ? null : (
          <Button
            tone="quiet"
            size="small"
            onClick={onRevoke}
            aria-label={t("revokeThis", { name: key.name })}
          >
            {t("revoke")}
          </Button>
        )}
      </div>
    </li>
  );
}
