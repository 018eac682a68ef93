import { isIP } from "node:net";
import { GuestkitError } from "../../kit/errors.ts";
import { isObject } from "../wire/json-stream.ts";
import type { AgentAnswer, AgentCommand } from "./commands.ts";

/** Tells whether a value is what it is to be. */
type Check = (value: unknown) => boolean;

/** UTF-16 units of a name or a sentence, and how many things a list holds, at most. */
const TEXT = 1 << 10;
const MANY = 10_000;

const anything: Check = () => true;
const flag: Check = (value) => typeof value === "boolean";
const integer: Check = (value) => Number.isSafeInteger(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const text: Check = (value) => typeof value === "string" && value.length <= TEXT;
const data: Check = (value) => typeof value === "string";
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(String(value));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MANY && value.every(check);
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const nothing = object({});
const address = object({
  "ip-address": (value) => typeof value === "string" && isIP(value.replace(/%.*/s, "")) !== 0 && value.length < 64,
  "ip-address-type": oneOf("ipv4", "ipv6"),
  prefix: count,
});
const network = object({
  name: text,
  "hardware-address": optional(text),
  "ip-addresses": optional(list(address)),
  statistics: optional(object({ "rx-bytes": count, "tx-bytes": count })),
});
const osFields = ["id", "name", "pretty-name", "version", "version-id", "kernel-release", "kernel-version", "machine"];

/** What each command is answered with (QEMU Guest Agent Protocol Reference). */
const ANSWERS: Readonly<Record<AgentCommand, Check>> = {
  "guest-ping": nothing,
  "guest-info": object({
    version: text,
    supported_commands: list(object({ name: text, enabled: flag })),
  }),
  "guest-get-host-name": object({ "host-name": text }),
  "guest-get-osinfo": object(Object.fromEntries(osFields.map((name) => [name, optional(text)]))),
  "guest-network-get-interfaces": list(network),
  "guest-ssh-get-authorized-keys": object({ keys: list(data) }),
  "guest-exec": object({ pid: count }),
  "guest-exec-status": object({
    exited: flag,
    exitcode: optional(integer),
    signal: optional(integer),
    "out-data": optional(data),
    "err-data": optional(data),
    "out-truncated": optional(flag),
    "err-truncated": optional(flag),
  }),
  "guest-file-open": count,
  "guest-file-read": object({ count, "buf-b64": data, eof: flag }),
  "guest-file-write": object({ count, eof: flag }),
  "guest-file-flush": nothing,
  "guest-file-close": nothing,
  "guest-fsfreeze-status": oneOf("thawed", "frozen"),
  "guest-fsfreeze-freeze": count,
  "guest-fsfreeze-thaw": count,
  "guest-fstrim": anything,
  "guest-set-time": nothing,
  "guest-get-time": (value) => typeof value === "number",
};

/** Both outputs of a program at the 16 MiB that the agent keeps, in base64; everything else is short (bytes). */
const LONG = 48 << 20;
const SHORT = 1 << 20;

/** Most bytes of the answer to a command. */
export function answerLimit(command: string | undefined): number {
  return command === "guest-exec-status" || command === "guest-file-read" ? LONG : SHORT;
}

/** The answer, of which the guest's word has the shape and measure that it must have. Throws `E_AGENT_ANSWER`. */
export function checkAnswer<C extends AgentCommand>(command: C, answer: unknown): AgentAnswer<C> {
  if (ANSWERS[command](answer)) return answer as AgentAnswer<C>;
  const message = `Cannot run ${command} in the guest: the agent's answer is none that this command has`;
  throw new GuestkitError("E_AGENT_ANSWER", message, {
    help: "See what runs as qemu-guest-agent in the guest; until then use SSH (--via ssh).",
  });
}
