import type { Talk } from "../host/program/talk.ts";
import type { Progress } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { LineCutter } from "../kit/lines.ts";
import { log } from "../kit/log.ts";
import { excerpt, printableLines } from "../kit/name.ts";
import { RpcClient } from "../rpc/client.ts";
import { LONGEST_LINE } from "../rpc/protocol.ts";
import { bring, ENGINES } from "./bring.ts";
import { FIND } from "./find.ts";
import { type Host, seeLogin } from "./host.ts";
import { inTime } from "./in-time.ts";
import { LET_BRING, USE_ITS_OWN } from "./may-bring.ts";
import { bringable, type Payload } from "./payload.ts";
import { lineOf, runThere } from "./ssh.ts";

/** An engine on a host that listens. */
export interface Conversation {
  readonly client: RpcClient;
  /** Whether this process waits for what it says. */
  hold(isHeld: boolean): void;
  readonly isLost: () => boolean;
  close(): void;
}

export interface OpenOptions {
  /** What may be brought there; null where the host's own guestkit is to be used. */
  readonly payloads: readonly Payload[] | null;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
  /** How long its login may take, ms: two minutes where left out. */
  readonly patience?: number;
  /** How long it may take nothing of what is brought, ms. */
  readonly stall?: number;
}

const MARK = "guestkit-engine";
const MISSING = `echo ${MARK} missing $(uname -s) $(uname -m)`;
/** Bytes that a login may print before the engine speaks. */
const MOST_NOISE = 1 << 20;

/**
 * Starts the engine on a host, and brings it there first where it is missing. What a shell's profile prints before it
 * speaks is passed over. Throws `E_HOST_UNREACHABLE` with ssh's own last words, and `E_HOST_ENGINE`.
 */
export async function converse(host: Host, options: OpenOptions): Promise<Conversation> {
  const { payloads } = options;
  const command = payloads ? launch(payloads) : ownCommand();
  const first = await start(host, command, options);
  if ("client" in first) return first;
  await bring(host, fitting(host, first, options), options);
  const second = await start(host, command, options);
  if ("client" in second) return second;
  throw new GuestkitError("E_HOST_ENGINE", `Cannot use the host "${host.name}": what was brought there is gone again`, {
    help: "Look what clears its cache folder, then run again.",
  });
}

/**
 * Brings the engine to a host that has none at all, of whatever release; gives whether it did. Throws as `converse`, and
 * `E_HOST_ENGINE` where none may be brought.
 */
export async function bringMissing(host: Host, options: OpenOptions): Promise<boolean> {
  const found = await start(
    host,
    [...FIND, `echo; if test -n "$E"; then echo ${MARK} ready; else ${MISSING}; fi`],
    options,
  );
  if ("client" in found) {
    found.close();
    return false;
  }
  await bring(host, fitting(host, found, options), options);
  return true;
}

/** Throws `E_HOST_ENGINE`. */
function fitting(host: Host, missing: Missing, options: OpenOptions): Payload {
  const payload = options.payloads?.find(({ machine }) => machine === missing.machine && missing.system === "Linux");
  if (!payload) throw unfit(host, missing, options);
  return payload;
}

/** The host has no engine that fits. */
interface Missing {
  readonly system: string;
  readonly machine: string;
}

async function start(
  host: Host,
  command: readonly string[],
  { signal, patience }: OpenOptions,
): Promise<Conversation | Missing> {
  signal?.throwIfAborted();
  const there = await runThere(host, lineOf(command), signal);
  try {
    const conversation = await inTime(host, () => listen(host, there), { end: there.end, signal, patience });
    if (!("client" in conversation)) there.end();
    return conversation;
  } catch (error) {
    there.end();
    throw error;
  }
}

/** Starts what was brought before; its folder is touched, by which the unused ones are known. */
function launch(payloads: readonly Payload[]): string[] {
  const keys = payloads.map(({ machine, key }) => `${machine}) K=${key} ;;`).join(" ");
  return [
    "cd",
    ...ENGINES,
    "M=$(uname -m)",
    `case $M in ${keys} *) K=none ;; esac`,
    'E="$B/$K"',
    `if isWhole "$E" && isSafe "$E"; then touch -c "$E" 2> /dev/null; echo; echo ${MARK} ready; exec "$E/guestkit" rpc; fi`,
    "echo",
    MISSING,
  ];
}

/** Starts the host's own, which a login's PATH may lack. */
function ownCommand(): string[] {
  return [
    "cd",
    'PATH="$PATH:$HOME/.local/bin:/usr/local/bin"',
    `if command -v guestkit > /dev/null; then echo; echo ${MARK} ready; exec guestkit rpc; fi`,
    "echo",
    MISSING,
  ];
}

/** Waits for the mark. From there on each line is a message. */
function listen(host: Host, there: Talk): Promise<Conversation | Missing> {
  const noise: string[] = [];
  let [conversation, heard, isLost]: [Conversation | null, number, boolean] = [null, 0, false];
  return new Promise((resolve, reject) => {
    const take = (line: Uint8Array | null) => {
      if (conversation) return conversation.client.receive(line);
      const text = line === null ? "" : Buffer.from(line).toString("utf8").trimEnd();
      const [mark, state, system = "", machine = ""] = text.split(" ");
      if (mark === MARK && state === "missing") return resolve({ system, machine });
      if (mark === MARK && state === "ready") {
        if (noise.length > 0) log("debug", "a host's login prints", { host: host.name, lines: noise });
        conversation = conversationOver(host, there, () => isLost);
        return resolve(conversation);
      }
      if (text !== "") noise.push(excerpt(text, 200));
      // A line's end is a byte, too.
      heard += (line?.length ?? MOST_NOISE) + 1;
      if (heard >= MOST_NOISE) reject(deaf(host, noise));
    };
    const lines = new LineCutter(take, { most: LONGEST_LINE });
    there.output.on("data", (chunk: Uint8Array) => lines.push(chunk));
    void there.ended.then((code) => {
      isLost = true;
      lines.end();
      if (conversation) conversation.client.lost(cut(host, there.lastWords()));
      else reject(unreachable(host, code, there.lastWords(), noise));
    });
  });
}

function conversationOver(host: Host, there: Talk, isLost: () => boolean): Conversation {
  const close = () => there.end();
  const send = (message: object) =>
    new Promise<void>((resolve) => there.input.write(`${JSON.stringify(message)}\n`, () => resolve()));
  const endedBy = (cause: GuestkitError) => cut(host, "this side hung up", cause);
  return { client: new RpcClient({ send, close, endedBy }), hold: there.hold, isLost, close };
}

const said = (words: string) => (words === "" ? "" : `: ${printableLines(words)}`);

function unreachable(host: Host, code: number | null, words: string, noise: readonly string[]): GuestkitError {
  const why = words || noise.slice(-3).join("\n") || `ssh ended with ${code ?? "a signal"}`;
  return new GuestkitError("E_HOST_UNREACHABLE", `Cannot reach the host "${host.name}"${said(why)}`, {
    help: seeLogin(host),
  });
}

/** Told apart from what never answered: what was begun there may go on. */
function cut({ name }: Host, words: string, cause?: GuestkitError): GuestkitError {
  return new GuestkitError(
    "E_HOST_LOST",
    `Cannot hear the host "${name}" any more${said(words || "the line is cut")}`,
    {
      cause,
      help: "An apply or import that was begun there goes on to its end. Run again: it waits for that, and looks what is there.",
    },
  );
}

function deaf({ name }: Host, noise: readonly string[]): GuestkitError {
  const message = `Cannot talk to the host "${name}": its login prints without end, ${JSON.stringify(noise[0] ?? "")} first`;
  return new GuestkitError("E_HOST_UNREACHABLE", message, {
    help: "Let its shell's profile print to terminals alone: [ -t 1 ] && echo ...",
  });
}

function unfit({ name }: Host, { system, machine }: Missing, { payloads }: OpenOptions): GuestkitError {
  const cannot = `Cannot use the host "${name}"`;
  if (payloads === null) {
    return new GuestkitError("E_HOST_ENGINE", `${cannot}: it has no guestkit on PATH, and none may be brought there`, {
      help: `Install guestkit there, or let it be brought there: ${LET_BRING}.`,
    });
  }
  const what = printableLines(excerpt(`${system} on ${machine}`));
  return new GuestkitError("E_HOST_ENGINE", `${cannot}: it is ${what}, and there is no engine for that here`, {
    help: [USE_ITS_OWN, ...bringable(machine)].join(", or "),
  });
}
