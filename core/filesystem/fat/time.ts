import type { Timestamp } from "../filesystem.ts";

/**
 * A FAT date and time, taken as UTC as the kernel does with `tz=UTC`. A month or day of 0 counts as the first, so that
 * no date at all is 1980-01-01. `tenth` adds hundredths of a second (0..199) to the two-second step.
 */
export function fatTime(date: number, time: number, tenth = 0): Timestamp {
  const year = 1980 + (date >> 9);
  const month = Math.max(1, (date >> 5) & 0x0f) - 1;
  const day = Math.max(1, date & 0x1f);
  const hundredths = Math.min(tenth, 199);
  const midnight = Date.UTC(year, month, day) / 1000;
  const clock = (time >> 11) * 3600 + ((time >> 5) & 0x3f) * 60 + (time & 0x1f) * 2;
  return {
    seconds: midnight + clock + Math.floor(hundredths / 100),
    nanoseconds: (hundredths % 100) * 10_000_000,
  };
}
