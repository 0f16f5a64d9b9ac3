"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ChannelView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";
import { Switch } from "#components/ui/toggle.tsx";
import type { ChannelAction } from "./channel-settings.tsx";
import { DeliveryMark } from "./delivery-mark.tsx";

type Props = { channel: ChannelView; onAction: (action: ChannelAction) => void };

/** A channel: where it goes, what it tells, when it is quiet, and how its last message fared. */
export function ChannelRow({ channel, onAction }: Props) {
  const t = useTranslations("channels");
  const { can } = useMe();
  const { name, kind, hint, last } = channel;
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-56 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium wrap-anywhere">{name}</span>
            <Badge>{t(`kind.${kind}`)}</Badge>
            {channel.enabled ? null : <Badge outline="dashed">{t("off")}</Badge>}
          </div>
          {hint === null ? null : <code className="block font-mono text-faint wrap-anywhere">{hint}</code>}
          <Told channel={channel} />
        </div>
        <div className="min-w-44">
          {last ? (
            <>
              <DeliveryMark state={last.state} />
              <span className="block text-faint">
                <Time at={last.at} />
              </span>
            </>
          ) : (
            <span className="text-faint">{t("nothingSent")}</span>
          )}
        </div>
        <OnOff channel={channel} disabled={!can("admin")} />
      </div>
      {can("admin") ? <Actions channel={channel} onAction={onAction} /> : null}
    </li>
  );
}

function Actions({ channel: { name, kind }, onAction }: Props) {
  const t = useTranslations("channels");
  const actions: readonly ChannelAction[] =
    kind === "webhook" ? ["test", "log", "edit", "rotate", "remove"] : ["test", "log", "edit", "remove"];
  return (
    <div className="mt-2 -ml-2.5 flex flex-wrap gap-1">
      {actions.map((action) => (
        <Button
          key={action}
          size="small"
          tone="quiet"
          onClick={() => onAction(action)}
          aria-label={t(`${action}This`, { name })}
        >
          {t(action)}
        </Button>
      ))}
    </div>
  );
}

/** What it tells, in a line or two. */
function Told({ channel }: { channel: ChannelView }) {
  const t = useTranslations("channels");
  const { clusters, runbooks, checks, minimum, transitions, quiet } = channel;
  const where =
    clusters === null
      ? t("allClusters")
      : clusters.length > 0
        ? clusters.map((each) => each.name).join(", ")
        : t("noClusterLeft");
  const what =
    runbooks.length + checks.length === 0
      ? t("everything")
      : [
          ...(runbooks.length > 0 ? [t("countRunbooks", { count: runbooks.length })] : []),
          ...(checks.length > 0 ? [t("countChecks", { count: checks.length })] : []),
        ].join(", ");
  const changes = transitions.map((each) => t(`transition.${each}`)).join(", ");
  return (
    <div className="mt-1 text-soft">
      <p>
        {where} · {what} · {t(`minimum.${minimum}`)}
      </p>
      <p>{changes}</p>
      {quiet ? (
        <p>
          {t("quietLine", { from: quiet.from, to: quiet.to, timeZone: quiet.timeZone })}
          {quiet.failBreaksThrough ? ` · ${t("quietBreaks")}` : ""}
        </p>
      ) : null}
    </div>
  );
}

function OnOff({ channel, disabled }: { channel: ChannelView; disabled: boolean }) {
  const t = useTranslations("channels");
  const team = useTeam();
  const queries = useQueryClient();
  const wordsOf = useErrorWords();
  const then = {
    onSuccess: () => queries.invalidateQueries({ queryKey: trpc.channel.pathKey() }),
    onError: (error: unknown) => toast(wordsOf(error).form ?? t("notChanged"), "problem"),
  };
  const enable = useMutation(trpc.channel.enable.mutationOptions(then));
  const disable = useMutation(trpc.channel.disable.mutationOptions(then));
  const changing = enable.isPending || disable.isPending;
  return (
    <Switch
      label={<span className="sr-only">{t("onThis", { name: channel.name })}</span>}
      checked={changing ? enable.isPending : channel.enabled}
      disabled={disabled || changing}
      onChange={(event) => {
        const change = event.target.checked ? enable : disable;
        change.mutate({ team, channelId: channel.id });
      }}
    />
  );
}
