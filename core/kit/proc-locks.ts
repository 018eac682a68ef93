/** A lock that the kernel keeps, of the table /proc/locks. */
export interface KernelLock {
  /** How it was asked for: flock(2), or fcntl(2) for a process or an open file description. */
  readonly kind: "FLOCK" | "POSIX" | "OFDLCK" | (string & {});
  /** Who asked for it; -1 where nobody in particular has it. It may have ended since. */
  readonly pid: number;
  /** Bytes, both included. */
  readonly first: number;
  readonly last: number;
}

/**
 * The locks on a file, of a table in the form of proc_locks(5): `1: OFDLCK ADVISORY READ -1 fe:00:1234 100 101`. Those
 * that are only waited for (`->`) are none. The kernel hides locks of processes outside of the reader's PID namespace.
 */
export function locksOn(table: string, { dev, ino }: { dev: bigint; ino: bigint }): readonly KernelLock[] {
  const file = ` ${deviceName(dev)}:${ino} `;
  return table.split("\n").flatMap((line) => {
    if (!line.includes(file) || line.includes(" -> ")) return [];
    const [, kind = "", , , pid, , first, last] = line.trim().split(/\s+/);
    const end = last === "EOF" ? Number.POSITIVE_INFINITY : Number(last);
    return [{ kind, pid: Number(pid), first: Number(first), last: end }];
  });
}

/** `fe:00`: major and minor in hex, from the encoding of makedev(3). */
function deviceName(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return [major, minor].map((part) => part.toString(16).padStart(2, "0")).join(":");
}
