/** Milliseconds of the units of systemd.time(7), by each of their names. */
const UNITS: readonly (readonly [milliseconds: number, ...names: string[]])[] = [
  [0.001, "usec", "us", "µs"],
  [1, "msec", "ms"],
  [1000, "seconds", "second", "sec", "s", ""],
  [60_000, "minutes", "minute", "min", "m"],
  [3_600_000, "hours", "hour", "hr", "h"],
  [86_400_000, "days", "day", "d"],
  [604_800_000, "weeks", "week", "w"],
  [2_629_800_000, "months", "month", "M"],
  [31_557_600_000, "years", "year", "y"],
];
const DAY = 86_400_000;
const DAYS: Readonly<Record<string, number>> = { yesterday: -DAY, today: 0, tomorrow: DAY };

/**
 * A time as systemd.time(7) has it, as microseconds since 1970; null where it is none: `2026-11-30`, `2026-11-30 10:00`, `10:00`,
 * `yesterday`, `-2h`, `3 days ago`, `@1700000000`, and RFC 3339. What names no zone is UTC, as times are printed.
 * @param now milliseconds since 1970
 */
export function momentOf(text: string, now: number): number | null {
  const milliseconds = absolute(text.trim(), now) ?? relative(text.trim(), now);
  return milliseconds === null ? null : Math.round(milliseconds * 1000);
}

function absolute(text: string, now: number): number | null {
  const midnight = Math.floor(now / DAY) * DAY;
  if (text === "now") return now;
  const day = DAYS[text];
  if (day !== undefined) return midnight + day;
  if (/^@\d{1,12}(\.\d{1,6})?$/.test(text)) return Number(text.slice(1)) * 1000;
  if (/^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(text))
    return dateOf(`${new Date(midnight).toISOString().slice(0, 10)}T${text}Z`);
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?(?: ?(Z|UTC)|([+-]\d\d:?\d\d))?$/i.exec(
    text,
  );
  return found && dateOf(`${found[1]}T${found[2] ?? "00:00"}${found[4] ?? "Z"}`);
}

function dateOf(text: string): number | null {
  const found = Date.parse(text);
  return Number.isNaN(found) ? null : found;
}

/** `-1h 30min`, `+5m`, `2 hours ago`. */
function relative(text: string, now: number): number | null {
  const [, sign = "", span = "", ago] = /^([+-]?)([^+-]*?)(\s+ago)?$/.exec(text) ?? [];
  if ((sign === "") === (ago === undefined)) return null;
  const length = spanOf(span);
  return length === null ? null : now + (sign === "+" ? length : -length);
}

function spanOf(text: string): number | null {
  const parts = [...text.matchAll(/\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-zA-Zµ]*)/gy)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) return null;
  let sum = 0;
  for (const [, count, name = ""] of parts) {
    const unit = UNITS.find(([, ...names]) => names.includes(name));
    if (!unit) return null;
    sum += Number(count) * unit[0];
  }
  return sum;
}
