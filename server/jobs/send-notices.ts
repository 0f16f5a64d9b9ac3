import type { Logger } from "pino";
import { inLocale, type Locale } from "#common/text.ts";
import type { Check } from "../checks/define-check.ts";
import { createBell } from "../domain/bell.ts";
import { noticeChannel } from "../domain/channels/notify.ts";
import { type Claimed, type ComposingOf, claimNext } from "../domain/notifications/claim.ts";
import { routeNext } from "../domain/notifications/route.ts";
import { settleAttempt } from "../domain/notifications/settle.ts";
import { StepFailed } from "../domain/notifications/step-failed.ts";
import { libraryOf } from "../domain/team-runbooks/library-of.ts";
import { deliver, type Outbox } from "./deliver.ts";
import { createListener } from "./listen.ts";

const LONGEST_WAIT_MS = 5_000;
/** What is due but on a channel that is busy, or held by another worker, is looked at again so soon. */
const SHORTEST_WAIT_MS = 500;
const AT_ONCE = 4;

export type SendNotices = {
  /** lets what is under way end, so that its answer is written down */
  stop(): Promise<void>;
};

type Sending = Outbox & { url: string; publicUrl: string; library: readonly Check[]; log: Logger };

/** Routes what is new to channels and sends what is due, then sleeps until the next is, or somebody rings. */
export function sendNotices(options: Sending): SendNotices {
  const { db, log } = options;
  const bell = createBell();
  const listener = createListener({
    ...{ url: options.url, name: "weekbook-notices", channel: noticeChannel },
    onNotice: bell.ring,
  });
  const sending = new Set<Promise<void>>();
  let stopped = false;

  const composingOf: ComposingOf = async (team, channel) => {
    const library = await libraryOf({ db, library: options.library }, team.id);
    const locale: Locale = channel.locale === "zh-CN" ? "zh-CN" : "en";
    const titles = new Map(library.map(({ id, title }) => [id, inLocale(title, locale)]));
    return { publicUrl: options.publicUrl, titleOf: (id) => titles.get(id) ?? id };
  };

  const send = async (claimed: Claimed) => {
    const { delivery, channel } = claimed;
    try {
      const end = await deliver(options, claimed);
      const settled = await settleAttempt(db, claimed, end);
      const about = { deliveryId: delivery.id, channelId: channel.id, attempt: delivery.attempts };
      log.info(
        { ...about, ok: end.ok, status: end.status, reason: end.reason, settled },
        "a message was sent",
      );
    } catch (error) {
      // Its lease ends by itself, and it is tried again.
      log.error({ err: error, deliveryId: delivery.id }, "a delivery could not be dealt with");
    }
  };

  /** One that fails does not keep the others waiting; it is tried again in the next pass. */
  const each = async (step: (failed: string[]) => Promise<boolean>) => {
    const failed: string[] = [];
    for (;;) {
      try {
        if (stopped || !(await step(failed))) return;
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error;
        failed.push(error.id);
        log.error({ err: error.cause, id: error.id }, "a notice could not be dealt with");
      }
    }
  };

  const claim = async (failed: string[]) => {
    if (sending.size >= AT_ONCE) return false;
    const claimed = await claimNext(db, { composingOf, except: failed });
    if (claimed === null) return false;
    if (claimed === "again") return true;
    const work: Promise<void> = send(claimed).finally(() => {
      sending.delete(work);
      bell.ring();
    });
    sending.add(work);
    return true;
  };

  const loop = async () => {
    while (!stopped) {
      let waitMs = LONGEST_WAIT_MS;
      try {
        await listener.ensure();
        await each((failed) => routeNext(db, failed));
        await each(claim);
        waitMs = await untilNextMs(options);
      } catch (error) {
        log.warn({ err: error }, "notifications could not be looked at");
      }
      if (!stopped) await bell.wait(waitMs);
    }
  };
  const done = loop();
  return {
    async stop() {
      stopped = true;
      bell.ring();
      await done;
      await Promise.all(sending);
      await listener.stop();
    },
  };
}

async function untilNextMs({ db }: Pick<Outbox, "db">): Promise<number> {
  const [row] = await db.$queryRaw<{ ms: number | null }[]>`
    SELECT (extract(epoch FROM min("dueAt") - clock_timestamp()) * 1000)::float8 AS ms
    FROM delivery WHERE state IN ('waiting', 'held', 'failed')`;
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, row?.ms ?? LONGEST_WAIT_MS));
}
