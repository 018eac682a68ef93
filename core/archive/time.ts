import type { Timestamp } from "../filesystem/filesystem.ts";

/** The last second that ISO 8601 dates of JavaScript reach. */
const LIMIT = 8.64e12;

/** ISO 8601 in UTC with nanoseconds: `2026-11-22T16:35:35.123456789Z`. */
export function formatTime({ seconds, nanoseconds }: Timestamp): string {
  const shown = Math.max(-LIMIT, Math.min(seconds, LIMIT));
  const date = new Date(shown * 1000).toISOString();
  return `${date.slice(0, -5)}.${String(nanoseconds).padStart(9, "0")}Z`;
}

/** Permission bits as four octal digits: `0644`. */
export function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
