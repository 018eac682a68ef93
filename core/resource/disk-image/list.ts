import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readImageHead } from "../../build/header.ts";
import { readRecord } from "../../engine/record.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { log } from "../../kit/log.ts";
import type { ValueObject } from "../../model/value.ts";
import { openFileSource } from "../../source/file.ts";

/**
 * The images in a folder, sorted: what guestkit keeps there, qcow2, and raw disks that have a partition table. (Any file is a
 * raw disk to whoever says so.) Folders in it and links are not followed. Throws `E_LIST_FOLDER`.
 */
export async function list({ folder }: ValueObject, { signal }: Context): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of await filesIn(String(folder))) {
    signal.throwIfAborted();
    if (await isDiskImage(path)) found.push(path);
  }
  return found;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new GuestkitError("E_LIST_FOLDER", `Cannot list the disk images in "${folder}": it cannot be read`, {
      cause,
      at: { file: folder, field: ["folder"] },
      help: "Name a folder of the host that is there and that this user may read.",
    });
  });
  const files = entries.filter((each) => each.isFile() && !each.name.startsWith("."));
  return files.map(({ name }) => join(folder, name)).toSorted();
}

/** What cannot be told is an image all the same: whoever looks at it is told why. What cannot be read is left out. */
async function isDiskImage(path: string): Promise<boolean> {
  try {
    const record = await readRecord(path);
    if (record) return record.contract === "disk_image";
    const { format } = await readImageHead(path);
    return format !== "raw" || (await hasPartitions(path));
  } catch (error) {
    if (error instanceof GuestkitError) return error.code === "E_FORMAT_AMBIGUOUS" || error.code.startsWith("E_RECORD");
    log("warn", `left out of the list: ${path}`, { why: String(error) });
    return false;
  }
}

const SECTOR = 512;
const ISO_MARK = { at: 32_769, text: "CD001" };

/** By the boot signature of an MBR, which a GPT has too; a medium that boots from a disk as well is none. */
async function hasPartitions(path: string): Promise<boolean> {
  await using source = await openFileSource(path);
  if (source.size === 0 || source.size % SECTOR !== 0) return false;
  const [sector, iso] = [await source.read(0, SECTOR), await markAt(source, ISO_MARK)];
  return sector[510] === 0x55 && sector[511] === 0xaa && !iso;
}

async function markAt(
  source: Awaited<ReturnType<typeof openFileSource>>,
  { at, text }: typeof ISO_MARK,
): Promise<boolean> {
  if (source.size < at + text.length) return false;
  return Buffer.from(await source.read(at, text.length)).toString("latin1") === text;
}
