"use client";

import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { CheckView } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { useChosenCluster } from "../clusters/use-chosen-cluster.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Input } from "../ui/input.tsx";
import { WarnGlyph } from "../ui/verdict-glyphs.tsx";

const thisMachine = "this-machine";

/** Agreeing to what an active check does: its effect and cost, on this one target, and on no other. */
export default function ConfirmActive({ check, onClose }: { check: CheckView; onClose: () => void }) {
  const session = useRunbookSession();
  const locale = useLocale() as Locale;
  const t = useTranslations("runbook");
  // The one the page is about: in a session that is its own, whatever is chosen elsewhere.
  const cluster = useChosenCluster().clusters.find(({ slug }) => slug === session.cluster);
  const known = knownHosts(session, cluster?.connections.some(({ kind }) => kind === "local_host") ?? false);
  const [host, setHost] = useState(known[0] ?? "");
  const [agreed, setAgreed] = useState(false);
  const id = useId();
  if (!cluster) return null;
  const onHost = check.target === "host";
  const target = onHost ? host.trim() : check.target;
  const name = onHost ? `${host.trim()} (${cluster.name})` : cluster.name;
  const run = () => {
    session.start([check], [{ check: check.id, cluster: cluster.slug, target }]);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t("activeTitle", { title: inLocale(check.title, locale) })}
    >
      <div className="mt-4 flex gap-2.5 border-l-2 border-warn bg-warn-wash px-3 py-2">
        <WarnGlyph className="mt-0.5 shrink-0 text-warn" />
        <p>{check.impact ? inLocale(check.impact, locale) : t("activeNoImpact")}</p>
      </div>
      {onHost ? (
        <div className="mt-4">
          <label htmlFor={`${id}-host`} className="mb-1 block font-medium">
            {t("activeHost", { cluster: cluster.name })}
          </label>
          <Input
            id={`${id}-host`}
            list={`${id}-hosts`}
            value={host}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setHost(event.target.value);
              setAgreed(false);
            }}
          />
          <datalist id={`${id}-hosts`}>
            {known.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </div>
      ) : null}
      <label className="mt-4 flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1"
          checked={agreed}
          onChange={(event) => setAgreed(event.target.checked)}
        />
        <span>{t(cluster.production ? "activeAgreeProduction" : "activeAgree", { target: name })}</span>
      </label>
      <DialogActions>
        <Button onClick={onClose}>{t("activeBack")}</Button>
        <Button tone="primary" disabled={!agreed || target === ""} onClick={run}>
          {t("activeRun")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Hosts that checks of this runbook have been run on, and the machine of Weekbook itself where it is connected. */
function knownHosts({ runbook }: ReturnType<typeof useRunbookSession>, machine: boolean): string[] {
  const hostChecks = new Set(
    runbook.checkViews.filter(({ target }) => target === "host").map(({ id }) => id),
  );
  const seen = runbook.states.filter(({ checkId }) => hostChecks.has(checkId)).map(({ target }) => target);
  const all = new Set([...(machine ? [thisMachine] : []), ...seen.filter((target) => target !== "none")]);
  return [...all].sort();
}
