import { type Binary, formatMode, formatTime, fromBinary, type WalkEntry } from "@guestkit/core/archive";
import { decodeName } from "@guestkit/core/kit";
import { calm } from "./json.ts";

/** One line of `ls --json`; written by hand, of as few pieces as can be, since a recursive listing is mostly this. */
export function entryJson(path: Binary, stat: WalkEntry["stat"], target: Binary | null): string {
  const link = target === null ? '"target":null' : named("target", target);
  const device = stat.device ? `,"device":{"major":${stat.device.major},"minor":${stat.device.minor}}` : "";
  return `{${named("path", path)}${rights(stat)}${stat.size},"mtime":"${formatTime(stat.mtime)}","inode":${
    stat.inode
  },"links":${stat.links},${link}${device}}\n`;
}

/** What the last line had there: most files of a folder have the same. */
let last = { type: "", mode: -1, uid: -1, gid: -1, text: "" };

function rights({ type, mode, uid, gid }: WalkEntry["stat"]): string {
  if (last.mode !== mode || last.type !== type || last.uid !== uid || last.gid !== gid) {
    const text = `,"type":"${type}","mode":"${formatMode(mode)}","uid":${uid},"gid":${gid},"size":`;
    last = { type, mode, uid, gid, text };
  }
  return last.text;
}

/** Printable ASCII that JSON takes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The text, and the bytes in base64 where they are no UTF-8. */
function named(key: string, raw: Binary): string {
  if (PLAIN.test(raw)) return `"${key}":"${raw}"`;
  const { text, base64 } = decodeName(fromBinary(raw));
  const more = base64 === null ? "" : `,"${key}_base64":"${base64}"`;
  return `"${key}":${calm(JSON.stringify(text))}${more}`;
}
