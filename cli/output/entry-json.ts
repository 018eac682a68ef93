import { type Binary, formatMode, formatTime, fromBinary, isAscii, type WalkEntry } from "@guestkit/core/archive";
import { decodeName } from "@guestkit/core/kit";
import { calm } from "./json.ts";

/** One line of `ls --json`; written by hand, since a recursive listing is mostly this. */
export function entryJson(path: Binary, stat: WalkEntry["stat"], target: Binary | null): string {
  const device = stat.device ? `,"device":{"major":${stat.device.major},"minor":${stat.device.minor}}` : "";
  return `{${named("path", path)},"type":"${stat.type}","mode":"${formatMode(stat.mode)}","uid":${stat.uid},"gid":${
    stat.gid
  },"size":${stat.size},"mtime":"${formatTime(stat.mtime)}","inode":${stat.inode},"links":${stat.links},${
    target === null ? '"target":null' : named("target", target)
  }${device}}\n`;
}

/** The text, and the bytes in base64 where they are no UTF-8. */
function named(key: string, raw: Binary): string {
  if (isAscii(raw) && !raw.includes("\x7f")) return `"${key}":${JSON.stringify(raw)}`;
  const { text, base64 } = decodeName(fromBinary(raw));
  const more = base64 === null ? "" : `,"${key}_base64":"${base64}"`;
  return `"${key}":${calm(JSON.stringify(text))}${more}`;
}
