"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ChannelView } from "#common/contracts/channel.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { DeliveryMark } from "./delivery-mark.tsx";
import { DeliveryOutcome } from "./delivery-outcome.tsx";

/** Sends a message that says it is a test, and shows what the far end made of it. */
export default function TestDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const t = useTranslations("channels");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
  const test = useMutation(
    trpc.channel.test.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.channel.pathKey() }),
    }),
  );
  const deliveryId = test.data?.deliveryId;
  const log = useQuery(
    trpc.channel.deliveries.queryOptions(
      { team, channelId: channel.id, limit: 20 },
      {
        enabled: deliveryId !== undefined,
        refetchInterval: ({ state }) =>
          state.data?.items.some(({ id, endedAt }) => id === deliveryId && endedAt) ? false : 500,
      },
    ),
  );
  const delivery = log.data?.items.find(({ id }) => id === deliveryId);
  const waiting = test.isPending || (deliveryId !== undefined && !delivery?.endedAt);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("testTitle", { name: channel.name })}
      description={t("testHelp")}
    >
      <div aria-live="polite" className="mt-4 min-h-12">
        <FormError>{useErrorWords()(test.error).form}</FormError>
        {waiting ? (
          <p className="flex items-center gap-2 text-soft">
            <Spinner /> {t("testing")}
          </p>
        ) : null}
        {delivery?.endedAt ? (
          <>
            <DeliveryMark state={delivery.state} />
            <DeliveryOutcome delivery={delivery} />
          </>
        ) : null}
      </div>
      <DialogActions>
        <Button onClick={onClose}>{common("close")}</Button>
        <Button tone="primary" busy={waiting} onClick={() => test.mutate({ team, channelId: channel.id })}>
          {t("sendTest")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
