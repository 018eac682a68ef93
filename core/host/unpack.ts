import { Readable, type Transform } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { GuestkitError } from "../kit/errors.ts";
import type { Packing, Unpack } from "../source/packing.ts";
import { runStreaming } from "./program/process.ts";

/** The best of what was tried: smaller ones cost turns, larger ones collections. */
const CHUNK = 256 << 10;
/** A window of more than 128 MiB is refused: zstd's own default. */
const WINDOW = { [constants.ZSTD_d_windowLogMax]: 27 };
/** What xz may take of memory: more than `xz -9` asks for. */
const XZ = ["-dcq", "--memlimit-decompress=256MiB"];

const PROGRAMS: Readonly<Partial<Record<Packing, readonly [string, ...string[]]>>> = {
  xz: ["xz", "--format=xz", ...XZ],
  lzma: ["xz", "--format=lzma", ...XZ],
  bzip2: ["bzip2", "-dcq"],
};

/** gzip and zstd by Node, on threads of its own; the others by the system's programs. */
export const unpack: Unpack = async (packing, packed, take) => {
  let isEnough = false;
  const taking = async (plain: AsyncIterable<Uint8Array>) => {
    await take(plain);
    // Whoever took what they wanted need not hear of what comes behind it.
    isEnough = true;
  };
  const [program, ...args] = PROGRAMS[packing] ?? [];
  try {
    if (program === undefined) await inflate(packing, packed, taking);
    else await runStreaming(program, args, { input: packed, doing: `unpack ${packing}` }, taking);
  } catch (error) {
    if (isEnough) return;
    if (error instanceof GuestkitError && error.code !== "E_TOOL_FAILED") throw error;
    throw new GuestkitError("E_UNPACK", `Cannot unpack it: its ${packing} data is damaged or cut off`, {
      cause: error,
    });
  }
};

async function inflate(
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  take: (plain: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const from = Readable.from(packed, { objectMode: true, highWaterMark: 2 });
  const to: Transform =
    packing === "gzip"
      ? createGunzip({ chunkSize: CHUNK })
      : createZstdDecompress({ chunkSize: CHUNK, params: WINDOW });
  from.on("error", (error) => to.destroy(error));
  from.pipe(to);
  try {
    await take(to);
  } finally {
    from.destroy();
    to.destroy();
  }
}
