"use client";
import { useTranslations } from "next-intl";
import type { ConnectionView } from "#common/contracts/cluster.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { Time } from "#components/ui/time.tsx";
import { FailGlyph, PassGlyph, UnknownGlyph } from "#components/ui/verdict-glyphs.tsx";

/** The newest test of a connection in one line. */
export function ConnectionState({ connection }: { connection: ConnectionView }) {
  const t = useTranslations("clusters");
  const { test, testedAt, testing } = connection;
  if (testing) {
    return (
      <span className="inline-flex items-center gap-2 text-soft">
        <Spinner /> {t("testing")}
      </span>
    );
  }
  if (!test) {
    return (
      <span className="inline-flex items-center gap-1.5 text-unknown">
        <UnknownGlyph size={15} /> {t("notTested")}
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span
        className={
          test.ok
            ? "inline-flex items-center gap-1.5 text-pass"
            : "inline-flex items-center gap-1.5 text-fail"
        }
      >
        {test.ok ? <PassGlyph size={15} /> : <FailGlyph size={15} />}
        {test.ok ? t("reachable") : t("testFailed")}
      </span>
      {testedAt ? <Time at={testedAt} className="text-faint" /> : null}
    </span>
  );
}
