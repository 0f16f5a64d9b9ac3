import clsx from "clsx";
import type { Verdict } from "#common/verdict.ts";

const looks: Record<Verdict, string> = {
  pass: "h-2/5 bg-pass",
  skip: "h-1/6 bg-skip",
  warn: "h-2/3 bg-warn",
  unknown: "h-5/6 bg-unknown",
  fail: "h-full bg-fail",
};

/** A bar of a strip, as high as the strip at most: its height says the verdict as well as its colour does. */
export function VerdictBar({ verdict }: { verdict: Verdict | null }) {
  return (
    <span className={clsx("block w-full rounded-[1px]", verdict ? looks[verdict] : "h-1/6 bg-control")} />
  );
}
