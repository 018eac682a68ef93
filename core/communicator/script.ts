import { randomBytes } from "node:crypto";
import { readNamedFile } from "../host/named-file.ts";
import type { Context } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { shellJoin } from "../kit/shell.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { ExecOptions } from "./exec.ts";
import { sshTarget } from "./ssh/index.ts";
import { demandTarget, NOT_IN, openWay, type Place } from "./way/open-way.ts";
import type { GuestResult, GuestWay, WayCommand } from "./way/way.ts";

export interface ScriptOptions
  extends Pick<ExecOptions, "via" | "user" | "input" | "onOutput" | "inherit" | "timeoutMs"> {
  /** A script or program on the host. */
  readonly file: string;
  readonly args: readonly string[];
}

/** How long the file may take to be there (ms). */
const UPLOAD = 600_000;
const READY = "guestkit: there";

/**
 * Runs a script or program of the host in a running guest: as a file of mode 0700 in a new folder of the one who runs it,
 * which is gone when it has ended, was interrupted, or guestkit was killed (by the agent it runs to its end then). What decides how it runs is its own #!. Its exit
 * code is a result, as with `execInGuest`. Throws `E_RUN_FILE`, `E_RUN_UPLOAD`, and what the way into the guest throws.
 */
export async function runScript(place: Place, options: ScriptOptions, context: Context): Promise<GuestResult> {
  const content = await contentOf(options.file);
  const { via = "auto" } = options;
  const target = via === "agent" ? null : sshTarget(place.machine, place.folder, place.run);
  if (via === "agent" || (via === "auto" && !target)) return await byAgent(place, content, options, context);
  if (!target) demandTarget(place.machine);
  try {
    return await bySsh(place, content, options, context);
  } catch (error) {
    if (via === "ssh" || !NOT_IN.includes(asGuestkitError(error).code)) throw error;
    // Nobody was let in: it has not run, and its input is untouched.
    return await byAgent(place, content, options, context).catch((other) => {
      throw asGuestkitError(other).code.startsWith("E_AGENT_") ? error : other;
    });
  }
}

async function contentOf(file: string): Promise<Uint8Array> {
  const content = await readNamedFile(file).catch((cause) => {
    throw new GuestkitError("E_RUN_FILE", `Cannot run "${file}": ${reasonOf(cause)}`, { cause, at: { file } });
  });
  if (content.length > 0) return content;
  throw new GuestkitError("E_RUN_FILE", `Cannot run "${file}": it is empty`, { at: { file } });
}

/**
 * Two logins: one brings the file and keeps it for as long as guestkit lives, the other has the script's own input and
 * outputs, and nothing else in them.
 */
async function bySsh(
  place: Place,
  content: Uint8Array,
  { args, user, file: _, via: __, ...streams }: ScriptOptions,
  context: Context,
): Promise<GuestResult> {
  const folder = newFolder();
  const as = user ?? null;
  await using way = await openWay(place, "ssh", context);
  await using _keeper = await keep(way, folder, content, { as, signal: context.signal });
  return await way.run({ ...streams, script: () => runner(folder, args), as, signal: context.signal });
}

const newFolder = () => `/tmp/.guestkit-run-${randomBytes(8).toString("hex")}`;

/** Brings the file; disposing takes it away again, and ends what still runs of it. */
async function keep(
  way: GuestWay,
  folder: string,
  content: Uint8Array,
  { as, signal }: Pick<WayCommand, "as" | "signal">,
): Promise<AsyncDisposable> {
  const leave = new AbortController();
  const { promise: there, resolve } = Promise.withResolvers<void>();
  let said = "";
  const ended = way.run({
    script: () => keeper(folder, content.length),
    input: content,
    hold: true,
    ...(as !== undefined && { as }),
    signal: signal ? AbortSignal.any([signal, leave.signal]) : leave.signal,
    onOutput: (stream, chunk) => {
      said = (said + Buffer.from(chunk).toString("utf8")).slice(-2000);
      if (stream === "stdout" && said.includes(READY)) resolve();
    },
  });
  const dispose = async () => {
    leave.abort();
    await ended.catch(() => {});
  };
  const late = setTimeout(() => leave.abort(), UPLOAD);
  try {
    await Promise.race([there, ended.then(() => Promise.reject(notUploaded(said)))]);
    ended.catch(() => {});
    return { [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    signal?.throwIfAborted();
    throw leave.signal.aborted && (error as Error).name === "AbortError" ? notUploaded(said) : error;
  } finally {
    clearTimeout(late);
  }
}

const notUploaded = (said: string) =>
  new GuestkitError("E_RUN_UPLOAD", `Cannot bring the script into the guest: ${said.trim() || "it takes too long"}`);

/**
 * Reads exactly the file's bytes, whatever follows them: each dd makes one read of at most what is left. Ready means that
 * the file is there.
 */
function receive(folder: string, size: number): string {
  return `gk=${folder}
gk_mask=$(umask); umask 077
mkdir "$gk" || exit 125
gk_left=${size}
while [ "$gk_left" -gt 0 ]; do
gk_part=65536; [ "$gk_left" -ge 65536 ] || gk_part=$gk_left
dd bs=$gk_part count=1 2>/dev/null >> "$gk/run"
gk_now=$((${size} - $(wc -c < "$gk/run")))
[ "$gk_now" -lt "$gk_left" ] || { rm -rf "$gk"; echo "the file did not come whole" >&2; exit 125; }
gk_left=$gk_now
done
chmod 700 "$gk/run" || { rm -rf "$gk"; exit 125; }
umask "$gk_mask"`;
}

/** Standard input is held open by guestkit: its end is guestkit's. */
function keeper(folder: string, size: number): string {
  return `${receive(folder, size)}
gk_clear() {
trap '' HUP INT TERM
gk_pid=$(cat "$gk/pid" 2>/dev/null) && {
kill -TERM "-$gk_pid" 2>/dev/null || kill -TERM "$gk_pid" 2>/dev/null
for gk_try in 1 2 3 4 5; do kill -0 "$gk_pid" 2>/dev/null || break; sleep 1; done
kill -KILL "-$gk_pid" 2>/dev/null || kill -KILL "$gk_pid" 2>/dev/null
}
rm -rf "$gk"
}
trap 'gk_clear; exit 143' HUP INT TERM
echo "${READY}"
while read -r gk_line; do :; done
gk_clear`;
}

/** In a session of its own, so that all of it can be ended at once. */
function runner(folder: string, args: readonly string[]): string {
  return `gk=${folder}
gk_session=
command -v setsid >/dev/null 2>&1 && gk_session=setsid
exec 3<&0
( exec 0<&3 3<&-; exec $gk_session "$gk/run" ${shellJoin(args)} ) &
gk_pid=$!
exec 3<&-
echo "$gk_pid" > "$gk/pid"
wait "$gk_pid"
gk_code=$?
rm -rf "$gk"
exit $gk_code`;
}

/** The agent hands its input over at once, and the outputs when all has ended. */
async function byAgent(
  place: Place,
  content: Uint8Array,
  { args, user, input, onOutput, timeoutMs }: ScriptOptions,
  context: Context,
): Promise<GuestResult> {
  const folder = newFolder();
  await using way = await openWay(place, "agent", context);
  const script = () => `${receive(folder, content.length)}\ntrap 'rm -rf ${folder}' EXIT\n${runner(folder, args)}`;
  return await way.run({
    script,
    input: Buffer.concat([content, await bytesOf(input)]),
    as: user ?? null,
    giveUp: `p=$(cat ${folder}/pid) && { kill -TERM "-$p" || kill -TERM "$p"; }`,
    signal: context.signal,
    ...(onOutput && { onOutput }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

async function bytesOf(input: ScriptOptions["input"]): Promise<Uint8Array> {
  if (input === undefined) return new Uint8Array();
  if (typeof input === "string" || input instanceof Uint8Array) return Buffer.from(input as Uint8Array);
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}
