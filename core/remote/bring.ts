import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { BLOCK, FLAG, writeHeader } from "../archive/header.ts";
import type { Progress } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printableLines } from "../kit/name.ts";
import { type Host, seeLogin } from "./host.ts";
import { inTime } from "./in-time.ts";
import { USE_ITS_OWN } from "./may-bring.ts";
import type { Part, Payload } from "./payload.ts";
import { lineOf, runThere } from "./ssh.ts";

/**
 * How a script finds the folder of engines on a host. What stands in one that others may write to, or that is somebody
 * else's, is never run: the names of engines are no secret, and whoever comes first could lay anything there.
 */
export const ENGINES: readonly string[] = [
  'B="${GUESTKIT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/guestkit}/engine"',
  'isOurs() { set -- "$1" $(ls -ldLn "$1" 2> /dev/null)',
  // By its mode and its user's number: a group of this user's own counts as this user, and in a sticky folder each is safe.
  'case $2 in d????-??-* | d????????[tT]*) ;; d???????-*) test -G "$1" || return 1 ;; *) return 1 ;; esac',
  'test -O "$1" || test "$4" = 0',
  "}",
  'isSafe() { for D in "${B%/*}" "$B" "$1"; do isOurs "$D" || return 1; done; }',
  // It may be there and yet be no program: a loss of power, somebody who cleans up.
  'isWhole() { test -s "$1/guestkit" && test -x "$1/guestkit"; }',
];

/** Exit codes of the script, by what could not be done. */
const FAULTS: Readonly<Record<number, string>> = {
  20: "others than its user may write to its cache folder",
  21: "it cannot write to its cache folder",
  22: "the engine could not be unpacked there",
  23: "the line was cut while the engine came",
  24: "what came is not what was sent",
  25: "the engine does not run there",
};

const HELP = `${USE_ITS_OWN}, or let GUESTKIT_CACHE_DIR there (or XDG_CACHE_HOME) name a folder that programs may be written to and run from.`;

/**
 * How long the host may take nothing of it, or unpack and try what it has, ms. What ssh has taken may be 2 MiB (a channel's window)
 * ahead of a slow line, which needs minutes for that.
 */
const PATIENCE_MS = 300_000;

export interface BringOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
  /** Milliseconds. */
  readonly stall?: number | undefined;
}

/**
 * Brings an engine to a host: unpacked beside its place, checked by its digests (by gzip's own sum alone where no
 * sha256sum is there), tried, synced and renamed. It takes the place of none that can be used: another process that brings the
 * same meanwhile wins or loses. Those of other versions that were not started for a month, and that nobody runs, go. Throws
 * `E_HOST_ENGINE`, for a host that takes nothing any more as well.
 */
export async function bring(host: Host, payload: Payload, options: BringOptions): Promise<void> {
  const { signal, progress, stall = PATIENCE_MS } = options;
  const there = await runThere(host, lineOf(script(payload)), signal);
  there.output.resume();
  const send = async (alive: () => void) => {
    const watched = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        alive();
        yield piece;
      }
    };
    const pieces = Readable.from(archive(payload, progress));
    const sent = pipeline(pieces, createGzip({ level: 1 }), watched, there.input);
    // Where the script ends before it has read everything, its own words say why.
    await sent.catch(() => {});
    alive();
    return await there.ended;
  };
  const code = await inTime(host, send, { end: there.end, signal, patience: stall, late: stalled });
  if (code !== 0) throw failed(host, code, there.lastWords());
}

function stalled(host: Host, patience: number): GuestkitError {
  const why = `for ${Math.ceil(patience / 1000)} s nothing went on there`;
  return new GuestkitError("E_HOST_ENGINE", `Cannot bring guestkit to the host "${host.name}": ${why}`, {
    help: `${seeLogin(host)} Its file system may hang, or the line be too slow: then ${HELP[0]?.toLowerCase()}${HELP.slice(1)}`,
  });
}

function failed({ name }: Host, code: number | null, words: string): GuestkitError {
  const why = FAULTS[code ?? -1] ?? "the line to it was cut";
  const said = words === "" ? "" : `: ${printableLines(words)}`;
  return new GuestkitError("E_HOST_ENGINE", `Cannot bring guestkit to the host "${name}": ${why}${said}`, {
    help: HELP,
  });
}

function script({ key, digest }: Payload): string[] {
  return [
    "umask 077",
    ...ENGINES,
    `E="$B/${key}"`,
    'mkdir -p "$B" || exit 21',
    'isSafe "$B" || { ls -ld "${B%/*}" "$B" >&2; exit 20; }',
    'P=$(mktemp -d "$B/.part-XXXXXX") || exit 21',
    'clean() { cd /; rm -rf "$P" "$P.old" "$P.link"; }',
    "trap clean EXIT",
    'trap "exit 23" HUP INT TERM PIPE',
    'find "$B/." -name ".part-*" -prune -mtime +0 -exec rm -rf {} +',
    '{ gzip -dc || : > "$P/.cut"; } | tar -xf - -C "$P" || exit 22',
    'test -e "$P/.cut" && exit 23',
    'cd "$P" || exit 22',
    ["if command -v sha256sum > /dev/null", "then case $(sha256sum < SHA256SUMS) in"].join("; ") +
      ` ${digest}*) ;; *) exit 24 ;; esac`,
    "sha256sum -c SHA256SUMS > /dev/null || exit 24",
    "fi",
    "./guestkit version > /dev/null || exit 25",
    '{ sync -f "$P" || sync; } 2> /dev/null',
    '{ isWhole "$E" && isSafe "$E"; } || mv "$E" "$P.old" 2> /dev/null',
    'test -e "$E" || mv "$P" "$E" || exit 21',
    'rm -rf "$E/${P##*/}"',
    // busybox's -T takes no link in the place of one that leads to a folder; plain mv would put it into that folder.
    `ln -s "${key}" "$P.link" && { mv -fT "$P.link" "$B/current" 2> /dev/null || { rm -f "$B/current" && mv "$P.link" "$B/current"; }; }`,
    'for D in "$B"/*/; do D=${D%/}; case $D in "$E" | "$B/current") continue ;; esac',
    'test -n "$(find "$D/." -prune -mtime +30)" || continue',
    'ls -l /proc/[0-9]*/exe 2> /dev/null | grep -qF -e "$D/" || rm -rf "$D"',
    "done",
  ];
}

/** The parts and their digests as a tar. */
async function* archive(payload: Payload, progress?: (event: Progress) => void): AsyncGenerator<Uint8Array> {
  const sums = { name: "SHA256SUMS", from: { text: payload.sums }, mode: 0o644, size: payload.sums.length };
  const all = [...payload.parts, sums];
  const total = all.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const part of all) {
    yield header(part);
    let left = part.size;
    for await (const piece of piecesOf(part)) {
      const taken = piece.subarray(0, left);
      left -= taken.length;
      done += taken.length;
      progress?.({ phase: "bringing guestkit to the host", done, total, unit: "bytes" });
      yield taken;
    }
    // It became shorter under way: what comes is not what was announced, and the host sees that.
    yield new Uint8Array(left + ((BLOCK - (part.size % BLOCK)) % BLOCK));
  }
  yield new Uint8Array(2 * BLOCK);
}

function header({ name, mode, size }: Omit<Part, "sha256">): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const times = { mtime: { seconds: 0, nanoseconds: 0 }, device: null };
  writeHeader({ flag: FLAG.file, path: name, linkPath: "", mode, uid: 0, gid: 0, size, ...times }, block, 0);
  return block;
}

async function* piecesOf({ from }: Omit<Part, "sha256">): AsyncGenerator<Uint8Array> {
  if ("text" in from) yield Buffer.from(from.text);
  else yield* createReadStream(from.file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}
