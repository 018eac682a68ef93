/** initramfs archives: cpio of the "new ASCII" kind (Documentation/driver-api/early-userspace/buffer-format.rst). */
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number];
}

/** A folder as an initramfs: root owns all of it, times are zero, and /dev has the console that init is given. */
export async function packCpio(folder: string): Promise<Uint8Array> {
  const entries = [
    ...(await list(folder, "")),
    { path: "dev/console", mode: 0o20600, content: NOTHING, device: [5, 1] },
  ];
  const parts = [...entries, { path: "TRAILER!!!", mode: 0, content: NOTHING }].map((entry, at) =>
    encode(entry as Entry, at + 1),
  );
  return Buffer.concat(parts);
}

const NOTHING = new Uint8Array();

async function list(folder: string, below: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(join(folder, below))).sort()) {
    const path = join(below, name);
    const { mode } = await lstat(join(folder, path));
    const kind = mode & 0o170000;
    if (kind === 0o040000) entries.push({ path, mode, content: NOTHING }, ...(await list(folder, path)));
    else if (kind === 0o120000) entries.push({ path, mode, content: Buffer.from(await readlink(join(folder, path))) });
    else entries.push({ path, mode, content: await readFile(join(folder, path)) });
  }
  return entries;
}

/** Thirteen fields of eight hexadecimal digits, the name and the content, each padded to four bytes. */
function encode({ path, mode, content, device = [0, 0] }: Entry, inode: number): Uint8Array {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  const head = pad(Buffer.concat([Buffer.from(header), name]));
  return Buffer.concat([head, pad(content)]);
}

function pad(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}
