import type { Timestamp } from "../filesystem/filesystem.ts";

/** The last second that ISO 8601 dates of JavaScript reach. */
const LIMIT = 8.64e12;

/** ISO 8601 in UTC with nanoseconds: `2026-11-22T16:35:35.123456789Z`. */
export function formatTime({ seconds, nanoseconds }: Timestamp): string {
  const fraction = nanoseconds === 0 ? "000000000" : String(nanoseconds).padStart(9, "0");
  return `${formatSecond(seconds)}.${fraction}Z`;
}

/** Seconds whose text is kept: the files of a package have one time. */
const KEPT = 512;
const kept = new Map<number, string>();

function formatSecond(seconds: number): string {
  const known = kept.get(seconds);
  if (known !== undefined) return known;
  const shown = Math.max(-LIMIT, Math.min(seconds, LIMIT));
  const text = new Date(shown * 1000).toISOString().slice(0, -5);
  if (kept.size === KEPT) kept.clear();
  kept.set(seconds, text);
  return text;
}

/** Permission bits as four octal digits: `0644`. */
export function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
