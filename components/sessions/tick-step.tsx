"use client";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { useErrorWords } from "../layout/use-error-words.ts";
import { Time } from "../ui/time.tsx";
import { useSession, useTick } from "./use-session.ts";

/** A step with its box. Whoever ticks it is named beside it, for everybody who has the session open. */
export function TickStep({
  sessionId,
  step,
  children,
}: {
  sessionId: string;
  step: number;
  children: ReactNode;
}) {
  const t = useTranslations("sessions");
  const id = useId();
  const { team, state, mayAct, isOpen } = useSession(sessionId);
  const tick = useTick();
  const { form } = useErrorWords()(tick.error);
  const done = state.ticks.find((each) => each.step === step);
  return (
    <div className="my-4 grid grid-cols-[1.75rem_minmax(0,1fr)]">
      <input
        type="checkbox"
        className="mt-1.5 size-4 accent-[var(--accent)]"
        aria-label={t("step", { step })}
        aria-describedby={id}
        checked={done !== undefined}
        disabled={!isOpen || !mayAct || tick.isPending}
        onChange={(event) => tick.mutate({ team, sessionId, step, done: event.target.checked })}
      />
      <div className="min-w-0 [&>p:first-child]:mt-0">
        {children}
        <p id={id} className="mt-1 text-dense text-faint">
          {done ? (
            <>
              {t("tickedBy", { name: done.by })} <Time at={done.at} />
            </>
          ) : null}
          {form ? <span role="alert">{form}</span> : null}
        </p>
      </div>
    </div>
  );
}
