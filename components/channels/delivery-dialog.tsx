"use client";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ChannelView, DeliveryView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { Time } from "#components/ui/time.tsx";
import { toast } from "#components/ui/toast.ts";
import { DeliveryMark } from "./delivery-mark.tsx";
import { DeliveryOutcome } from "./delivery-outcome.tsx";

/** What was sent to a channel and what waits, newest first, as it goes on. */
export default function DeliveryDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const t = useTranslations("channels");
  const common = useTranslations("common");
  const input = { team: useTeam(), channelId: channel.id };
  const log = useInfiniteQuery(
    trpc.channel.deliveries.infiniteQueryOptions(input, {
      getNextPageParam: ({ next }) => next,
      refetchInterval: 3_000,
    }),
  );
  const words = useErrorWords()(log.error);
  const items = log.data?.pages.flatMap((page) => page.items);
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={t("logTitle", { name: channel.name })}
      description={t("logHelp")}
    >
      <div className="mt-4">
        {log.isPending ? <SkeletonRows rows={3} label={common("loading")} /> : null}
        {log.error && !items ? <ErrorState title={words.form} /> : null}
        {items?.length === 0 ? <p className="text-soft">{t("nothingSent")}</p> : null}
        {items && items.length > 0 ? (
          <ul className="divide-y divide-line border-y border-line">
            {items.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} />
            ))}
          </ul>
        ) : null}
      </div>
      <DialogActions>
        {log.hasNextPage ? (
          <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t("older")}
          </Button>
        ) : null}
        <Button tone="primary" onClick={onClose}>
          {common("close")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Row({ delivery }: { delivery: DeliveryView }) {
  const t = useTranslations("channels");
  const { kind, state, changes, attempts, sending, createdAt, endedAt, attemptedAt } = delivery;
  return (
    <li className="grid gap-x-4 gap-y-1 py-2 sm:grid-cols-[11rem_minmax(0,1fr)_auto]">
      <div>
        <DeliveryMark state={state} sending={sending} />
        <span className="block text-faint">
          <Time at={endedAt ?? attemptedAt ?? createdAt} />
        </span>
      </div>
      <div className="min-w-0">
        <p>
          {t(`what.${kind}`, { count: changes })}
          {attempts > 1 ? <span className="text-faint"> · {t("attempts", { count: attempts })}</span> : null}
        </p>
        <DeliveryOutcome delivery={delivery} />
      </div>
      {(state === "failed" || state === "given_up") && !sending ? <Retry delivery={delivery} /> : null}
    </li>
  );
}

function Retry({ delivery }: { delivery: DeliveryView }) {
  const t = useTranslations("channels");
  const team = useTeam();
  const queries = useQueryClient();
  const wordsOf = useErrorWords();
  const retry = useMutation(
    trpc.channel.retry.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.channel.pathKey() }),
      onError: (error: unknown) => toast(wordsOf(error).form ?? t("notChanged"), "problem"),
    }),
  );
  return (
    <div>
      <Button
        size="small"
        busy={retry.isPending}
        onClick={() => retry.mutate({ team, deliveryId: delivery.id })}
      >
        {t("tryAgain")}
      </Button>
    </div>
  );
}
