import { createHash, randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";

/** Names that have been trouble somewhere: words of options, of shells, of DOS, and no text at all. */
const ODD = [
  "-rf",
  "--help",
  " leading",
  "trailing ",
  "dot.",
  "...",
  "a\nnew line",
  "a\ttab",
  "quotes\"and'more",
  "back\\slash",
  "comma,equals=",
  "$(id)`id`",
  "*?[a]",
  "|<>:",
  "con",
  "AUX.txt",
  "~$lock",
  "#hash;semi&amp",
  "ünïcödé-→-😀",
  "e\u0301-is-two",
  "\u00e9-is-one",
  "UPPER",
  "upper",
  "x".repeat(255),
  "\u200fright-to-left",
  "\x01control\x7f",
];
/** Bytes that are no UTF-8. */
const NO_TEXT = ["6c6174e9696e", "fffe", "c328"].map((hex) => Buffer.from(hex, "hex"));
/** The owner may read them all: servers of an ordinary user can no more. */
const MODES = [0o644, 0o600, 0o755, 0o400, 0o666, 0o4755, 0o1644, 0o440];
const SIZES = [0, 1, 511, 4096, 4097, 65_536, 100_003];

/** Makes `count` files, the last one `largest` bytes long; `bytes`: also with names that are no UTF-8. */
export async function makeOddFiles(folder: string, count: number, largest: number, bytes: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  const odd = [...ODD.map((name) => Buffer.from(name)), ...(bytes ? NO_TEXT : [])];
  const plain = Array.from({ length: count - odd.length }, (_, at) => Buffer.from(`file-${at}`));
  const names = [...odd, ...plain].slice(0, count);
  for (const [at, name] of names.entries()) {
    const size = at === names.length - 1 ? largest : (SIZES[at % SIZES.length] ?? 0);
    const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
    await writeFile(path, randomBytes(size));
    await chmod(path, MODES[at % MODES.length] ?? 0o644);
  }
}

/** `MODE SIZE SHA256` of each file, by its name in hex. */
export async function describeFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder, { encoding: "buffer" }).catch(() => []);
  const found: Record<string, string> = {};
  for (const name of names.toSorted(Buffer.compare)) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
    const { mode, size } = await lstat(path);
    const digest = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    found[name.toString("hex")] = `${(mode & 0o7777).toString(8)} ${size} ${digest.slice(0, 16)}`;
  }
  return found;
}

/** What `GUEST_LIST` prints in the guest where it sees the same names and modes. */
export async function expectedList(folder: string): Promise<string> {
  const names = await readdir(folder, { encoding: "buffer" });
  const hidden = (name: Buffer) => Number(name[0] === 0x2e);
  const sorted = names.toSorted((a, b) => hidden(a) - hidden(b) || Buffer.compare(a, b));
  const sum = createHash("sha256");
  for (const name of sorted) {
    const { mode, size } = await lstat(Buffer.concat([Buffer.from(`${folder}/`), name]));
    sum.update(`${(mode & 0o7777).toString(8)} ${size}\n`);
  }
  for (const name of sorted) sum.update(Buffer.concat([name, Buffer.from([0])]));
  return sum.digest("hex");
}

/** A script for the folder at hand: names, modes and sizes as one digest. */
export const GUEST_LIST = `LC_ALL=C; set --
for n in * .[!.]* ..?*; do [ ! -e "$n" ] || set -- "$@" "$n"; done
{ stat -c '%a %s' -- "$@"; printf '%s\\0' "$@"; } | sha256sum | cut -c1-64`;
