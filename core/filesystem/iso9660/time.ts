import type { Timestamp } from "../filesystem.ts";

export const EPOCH: Timestamp = { seconds: 0, nanoseconds: 0 };

/** Seven bytes (ECMA-119 9.1.5): years since 1900 to seconds, then the offset from GMT in quarters of an hour. */
export function shortTime(raw: Uint8Array): Timestamp {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0] = raw;
  if (month === 0 && day === 0) return EPOCH;
  return at([1900 + year, month, day, hour, minute, second], 0, signed(zone));
}

/** Seventeen bytes (ECMA-119 8.4.26.1): digits to hundredths, then the offset. Nothing that is no number is a time. */
export function longTime(raw: Uint8Array): Timestamp {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(ascii(raw.subarray(0, 16)));
  if (!found) return EPOCH;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, hundredths = 0] = found.slice(1).map(Number);
  if (month === 0 && day === 0) return EPOCH;
  return at([year, month, day, hour, minute, second], hundredths, signed(raw[16] ?? 0));
}

/** The digits of a long time as libblkid makes a UUID of them; null where they are all zero. */
export function dateUuid(raw: Uint8Array): string | null {
  const digits = ascii(raw.subarray(0, 16));
  if (!/^\d{16}$/.test(digits) || /^0+$/.test(digits)) return null;
  return digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3-$4-$5-$6-$7");
}

type Parts = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number];

function at([year, month, day, hour, minute, second]: Parts, hundredths: number, quarters: number): Timestamp {
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - quarters * 900;
  return Number.isFinite(seconds) ? { seconds, nanoseconds: hundredths * 10_000_000 } : EPOCH;
}

/** Offsets outside of -13 to +13 hours are nonsense and taken as none, as the kernel does. */
function signed(byte: number): number {
  const value = byte > 127 ? byte - 256 : byte;
  return value >= -52 && value <= 52 ? value : 0;
}

function ascii(raw: Uint8Array): string {
  return String.fromCharCode(...raw);
}
