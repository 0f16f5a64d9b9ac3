"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { KubeconfigContext } from "#common/contracts/cluster.ts";
import { FailGlyph } from "#components/ui/verdict-glyphs.tsx";
import { useProblemWords } from "./use-source-errors.ts";

type Props = { contexts: KubeconfigContext[]; chosen: string | null; onChoose: (name: string) => void };

/** What a kubeconfig offers: each context to choose, or the one sentence why it cannot be. */
export default function ContextChoice({ contexts, chosen, onChoose }: Props) {
  const t = useTranslations("clusters");
  const problemWords = useProblemWords();
  const name = useId();
  const none = contexts.every(({ problem }) => problem !== null);
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("chooseContext")}</legend>
      {none ? <p className="mb-2 text-fail">{t("nonUsable")}</p> : null}
      <div className="divide-y divide-line border-y border-line">
        {contexts.map((context) => (
          <label
            key={context.name}
            className={clsx("flex gap-3 py-2", !context.problem && "cursor-pointer hover:bg-sunken")}
          >
            <input
              type="radio"
              name={name}
              checked={chosen === context.name}
              disabled={context.problem !== null}
              onChange={() => onChoose(context.name)}
              className="mt-1"
            />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium break-all">{context.name}</span>
                {context.current ? <span className="text-faint">{t("contextCurrent")}</span> : null}
              </span>
              {context.problem ? (
                <span className="mt-0.5 flex gap-1.5 text-fail">
                  <FailGlyph size={14} className="mt-[3px] shrink-0" />
                  {problemWords(context.problem, context.problemValues)}
                </span>
              ) : (
                <span className="block break-all text-faint">
                  <span className="font-mono text-[0.75rem]">{context.server}</span>
                  {" · "}
                  {context.credentialKind === "token" ? t("credentialToken") : t("credentialCertificate")}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
