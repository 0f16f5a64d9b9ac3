import type { QuietHours } from "#common/contracts/channel.ts";
import { addDays, type Day, dayIn, momentOf, weekdayOf } from "./zone.ts";

type Times = Pick<QuietHours, "timeZone" | "days" | "from" | "to">;
const mostAdjoining = 8;

/**
 * When the quiet hours that hold `at` are over; null outside them. Those that adjoin are one: a weekend of two whole
 * days ends on Monday. The end itself is not quiet.
 */
export function quietUntil(quiet: Times, at: Date): Date | null {
  let until = endHolding(quiet, at);
  for (let count = 0; until && count < mostAdjoining; count += 1) {
    const further = endHolding(quiet, until);
    if (!further) return until;
    until = further;
  }
  return until;
}

/** Whole days, all of them: such a channel would never say anything. */
export function neverSpeaks({ days, from, to }: Times): boolean {
  return from === to && new Set(days).size === 7;
}

function endHolding(quiet: Times, at: Date): Date | null {
  const today = dayIn(at, quiet.timeZone);
  // Yesterday's may last until now; tomorrow's begin today only where a zone changed sides of the date line.
  const ends = [-1, 0].flatMap((offset) => {
    const { start, end } = windowOf(quiet, addDays(today, offset));
    return start && start <= at && at < end ? [end] : [];
  });
  return ends.reduce<Date | null>((latest, end) => (latest && latest > end ? latest : end), null);
}

/** At least as long as its times say where clocks are set back: from the first `from` to the last `to`. */
function windowOf({ timeZone, days, from, to }: Times, day: Day) {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const lastDay = ends > begins ? day : addDays(day, 1);
  const end = momentOf(lastDay, ends, { timeZone, twice: "last" });
  if (!days.includes(weekdayOf(day))) return { start: null, end };
  return { start: momentOf(day, begins, { timeZone, twice: "first" }), end };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
