import { readFileSync } from "node:fs";

/**
 * The umask of this process; 0o077 where the system does not tell. Node asks for it by setting it to 0 for a moment, in
 * which another of its threads may make a file.
 */
export function umask(): number {
  try {
    const told = /^Umask:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return told === undefined ? 0o077 : Number.parseInt(told, 8);
  } catch {
    return 0o077;
  }
}
