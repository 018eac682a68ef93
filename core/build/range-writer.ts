import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { partialBeside } from "../host/partial.ts";
import { run } from "../host/program/process.ts";
import { writeFile } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { inUse } from "../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../qemu/block/node.ts";
import type { ByteRange } from "../volume/index.ts";

/** How many ranges, and how many bytes, one qemu-io writes. */
const BATCH = { ranges: 500, bytes: 64 << 20 } as const;

/** Writes many small ranges into the disk of an image, some hundreds with each process. */
export interface RangeWriter extends AsyncDisposable {
  write(range: ByteRange): Promise<void>;
  /** Nothing is certain before it has returned. */
  flush(): Promise<void>;
}

/** Writes bytes into the disk of an existing image. */
export async function writeRanges(
  image: ImageFile,
  ranges: readonly ByteRange[],
  target: string,
  context: Context,
): Promise<void> {
  await using writer = await openRangeWriter(image, target, context);
  for (const range of ranges) await writer.write(range);
  await writer.flush();
}

/** `target` tells where the bytes lie meanwhile: a file for each range, which qemu-io takes as its pattern. */
export async function openRangeWriter(image: ImageFile, target: string, context: Context): Promise<RangeWriter> {
  const folder = partialBeside(target, "ranges");
  await mkdir(folder.path, { mode: 0o700 });
  let commands: string[] = [];
  let size = 0;
  const flush = async () => {
    if (commands.length === 0) return;
    await qemuIo(image, commands, folder.path, context);
    for (let index = 0; index < commands.length; index++) await rm(join(folder.path, String(index)));
    [commands, size] = [[], 0];
  };
  return {
    write: async ({ offset, bytes }) => {
      await writeFile(join(folder.path, String(commands.length)), bytes);
      commands.push(`write -q -s ${commands.length} ${offset} ${bytes.length}`);
      size += bytes.length;
      if (commands.length >= BATCH.ranges || size >= BATCH.bytes) await flush();
    },
    flush,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function qemuIo(image: ImageFile, commands: readonly string[], cwd: string, context: Context): Promise<void> {
  const args = [...commands.flatMap((each) => ["-c", each]), "-c", "flush", nodeName(imageNode(image))];
  try {
    await run("qemu-io", args, { signal: context.signal, cwd, doing: `write to "${image.path}"` });
  } catch (error) {
    throw error instanceof GuestkitError && /lock/i.test(error.message) ? inUse(image.path, error) : error;
  }
}
