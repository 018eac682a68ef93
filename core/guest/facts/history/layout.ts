/**
 * utmp(5), as glibc lays it out (bits/utmp.h): times of 32 bits where a machine may run programs of 32 bits as well
 * (`__WORDSIZE_TIME64_COMPAT32`: x86_64, s390x), of 64 bits elsewhere (aarch64, riscv64).
 */
import { cstring, type Field, struct, u16, u32, u64 } from "../../../kit/struct.ts";

/** `ut_type`. */
export const TYPES = { runLevel: 1, boot: 2, newTime: 3, oldTime: 4, login: 7, dead: 8, last: 9 } as const;

const start = { type: u16(0), pid: u32(4), line: cstring(8, 32), user: cstring(44, 32), host: cstring(76, 256) };

const times = (seconds: Field<number>, microseconds: Field<number>) => ({ ...start, seconds, microseconds });

/** `struct utmp`, and `struct lastlog` of the same machine: a time, `ll_line`, `ll_host`. */
export interface Layout {
  readonly record: ReturnType<typeof struct<ReturnType<typeof times>>>;
  readonly lastLogin: ReturnType<typeof struct<ReturnType<typeof lastLogin>>>;
}

const lastLogin = (seconds: Field<number>, size: number) => ({
  seconds,
  line: cstring(size, 32),
  host: cstring(size + 32, 256),
});

/** The most common first. */
export const LAYOUTS: readonly Layout[] = [
  {
    record: struct("utmp", "little", 384, times(u32(340), u32(344))),
    lastLogin: struct("lastlog", "little", 292, lastLogin(u32(0), 4)),
  },
  {
    record: struct("utmp", "little", 400, times(u64(344), u32(352))),
    lastLogin: struct("lastlog", "little", 296, lastLogin(u64(0), 8)),
  },
  {
    record: struct("utmp", "big", 384, times(u32(340), u32(344))),
    lastLogin: struct("lastlog", "big", 292, lastLogin(u32(0), 4)),
  },
];

/** 0 for what no clock says. */
export function secondsOf(view: { readonly seconds: number }): number {
  try {
    return view.seconds;
  } catch {
    return 0;
  }
}
