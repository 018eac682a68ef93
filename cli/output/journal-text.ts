import { type Entry, textOf } from "@guestkit/core/journal";
import { calm } from "./json.ts";
import { shown } from "./table.ts";

/** `Nov 30 10:00:00 host sshd[12]: message`, a line for each of the message. */
export function entryText({ realtime, fields }: Entry): string {
  const time = new Date(realtime / 1000).toUTCString();
  const [, day = "", month = "", , clock = ""] = time.split(" ");
  const text = (name: string) => textOf(fields, name);
  const who = text("SYSLOG_IDENTIFIER") ?? text("_COMM") ?? "unknown";
  const pid = text("SYSLOG_PID") ?? text("_PID");
  const head = `${month} ${day} ${clock} ${shown(text("_HOSTNAME"))} ${shown(who)}${pid === null ? "" : `[${shown(pid)}]`}: `;
  const lines = (text("MESSAGE") ?? "").split("\n");
  const rest = " ".repeat(head.length);
  return lines.map((line, at) => `${at === 0 ? head : rest}${line === "" ? "" : shown(line)}\n`).join("");
}

/** An object as journalctl -o json has it: bytes that are no text as a list of numbers, several values as a list. */
export function journalJson({ realtime, monotonic, seqnum, bootId, fields }: Entry): string {
  const spelled: Record<string, unknown> = {
    __SEQNUM: String(seqnum),
    __REALTIME_TIMESTAMP: String(realtime),
    __MONOTONIC_TIMESTAMP: String(monotonic),
    _BOOT_ID: bootId,
  };
  for (const [name, values] of fields)
    spelled[name] = values.length === 1 ? plain(values[0] as Uint8Array) : values.map(plain);
  return `${calm(JSON.stringify(spelled))}\n`;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function plain(value: Uint8Array): string | readonly number[] {
  try {
    const text = decoder.decode(value);
    return isPrintable(text) ? text : [...value];
  } catch {
    return [...value];
  }
}

/** Control characters but tabs and line feeds are written as numbers. */
function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 9 && code !== 10) return false;
  }
  return true;
}
