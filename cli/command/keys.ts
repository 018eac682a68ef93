import type { OpenOptions } from "@guestkit/core/inspect";
import { ANY, type Opener } from "@guestkit/core/kit";
import type { Invocation } from "./command.ts";
import { usage } from "./parse.ts";

/** What --key gives; where none fits, a terminal is asked, once for each device. Throws `E_USAGE`. */
export function keysOf({ lists, command, signal }: Invocation): Pick<OpenOptions, "keys" | "askKey"> {
  const keys: Record<string, Opener[]> = {};
  for (const text of lists.key ?? []) {
    const [, selector = "", how = "", name = ""] = /^(.+?):(file|env|header):(.+)$/.exec(text) ?? [];
    if (selector === "") throw usage(command, "--key must be WHICH:file:PATH, WHICH:env:NAME or DEVICE:header:PATH");
    if (selector === ANY && how === "header")
      throw usage(command, `--key *:header is any device's: name the one it is of`);
    keys[selector] = [...(keys[selector] ?? []), openerOf(how, name, command)];
  }
  return { keys, askKey: asking(signal) };
}

function openerOf(how: string, name: string, command: Invocation["command"]): Opener {
  if (how === "env") return passphrase(name, command);
  return how === "file" ? { file: name } : { header: name };
}

function passphrase(name: string, command: Invocation["command"]): string {
  const value = process.env[name];
  if (value) return value;
  throw usage(command, `--key names ${name}, which the environment does not have`);
}

/** An image may be opened more than once: each device is asked for once. */
function asking(signal: AbortSignal): (device: string, uuid: string) => Promise<string | null> {
  const answers = new Map<string, Promise<string | null>>();
  return (device, uuid) => {
    const name = `${device} ${uuid}`;
    const answer = answers.get(name) ?? ask(device, uuid, signal);
    answers.set(name, answer);
    return answer;
  };
}

/** Whether there is a terminal is seen when there is something to ask: making the streams takes 4 ms. */
async function ask(device: string, uuid: string, signal: AbortSignal): Promise<string | null> {
  const [{ onTerminal }, { askSecret }] = await Promise.all([import("./ask.ts"), import("./ask-secret.ts")]);
  if (!onTerminal()) return null;
  return askSecret(`Passphrase of ${device} (${uuid}), empty to leave it closed: `, signal);
}
