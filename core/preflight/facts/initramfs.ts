import { walkInitramfs } from "../../guest/initramfs/walk.ts";
import { moduleName } from "../../guest/kernel-modules.ts";
import { unpack } from "../../host/unpack.ts";
import type { Budget } from "../../kit/budget.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Unpack } from "../../source/packing.ts";
import type { ByteSource } from "../../source/source.ts";

/** Bytes unpacked of one RAM disk at most: those of today end below 200 MiB. */
const MAX_UNPACKED = 256 << 20;

const UNREAD = new Set(["E_INITRAMFS", "E_UNPACK"]);

/**
 * The modules of `wanted` that an initial RAM disk holds, whose drivers the kernel has before there is a root. Reading
 * ends when all were found. Null where it cannot be read, or its packing takes longer than a plan should (xz, lzma, bzip2).
 */
export async function initramfsModules(
  source: ByteSource,
  wanted: ReadonlySet<string>,
  budget: Budget,
): Promise<readonly string[] | null> {
  const found = new Set<string>();
  const note = (names: readonly string[]) => {
    for (const name of names) {
      const module = name.includes(".ko") ? moduleName(name) : null;
      if (module !== null && wanted.has(module)) found.add(module);
    }
    return found.size === wanted.size;
  };
  if (wanted.size === 0) return [];
  const charge = (bytes: number) => budget.spend("bytes", bytes);
  try {
    await walkInitramfs(source, { unpack: quick(charge), most: MAX_UNPACKED, charge, note });
    return [...found];
  } catch (error) {
    if (error instanceof GuestkitError && UNREAD.has(error.code)) return null;
    throw error;
  }
}

/** What is unpacked counts as what is read. */
const quick =
  (charge: (bytes: number) => void): Unpack =>
  async (packing, packed, take) => {
    if (packing !== "gzip" && packing !== "zstd")
      throw new GuestkitError("E_UNPACK", `Cannot unpack ${packing} in time`);
    await unpack(packing, packed, (plain) => take(counted(plain, charge)));
  };

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  charge: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    charge(piece.length);
    yield piece;
  }
}
