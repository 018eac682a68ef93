import { type Binary, formatTime, fromBinary, isAscii, type WalkEntry } from "@guestkit/core/archive";
import { decodeName, printable } from "@guestkit/core/kit";

const KINDS: Readonly<Record<WalkEntry["stat"]["type"], string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  block: "b",
  char: "c",
  fifo: "p",
  socket: "s",
};

/** One line of plain `ls`: control characters are escaped, so that no name disturbs a terminal. */
export function entryLine({ stat, path }: WalkEntry, target: Binary | null, long: boolean): string {
  if (!long) return `${safe(path)}\n`;
  const { type, mode, uid, gid, size, mtime, device } = stat;
  const what = device ? `${device.major},${device.minor}` : String(size);
  const time = formatTime(mtime).slice(0, 19).replace("T", " ");
  const arrow = target === null ? "" : ` -> ${safe(target)}`;
  const owner = `${String(uid).padStart(5)} ${String(gid).padStart(5)}`;
  return `${KINDS[type]}${permissions(mode)} ${owner} ${what.padStart(11)} ${time} ${safe(path)}${arrow}\n`;
}

function safe(raw: Binary): string {
  return printable(isAscii(raw) ? raw : decodeName(fromBinary(raw)).text);
}

function permissions(mode: number): string {
  const bits = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((mode >> bit) & 1 ? ("xwr"[bit % 3] ?? "-") : "-"));
  const special = (at: number, set: number, mark: string) => {
    if (mode & set) bits[at] = bits[at] === "x" ? mark : mark.toUpperCase();
  };
  special(2, 0o4000, "s");
  special(5, 0o2000, "s");
  special(8, 0o1000, "t");
  return bits.join("");
}
