import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** As Node names them. */
export const ARCHITECTURES = ["x64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** A Node that becomes an executable. */
export interface Runtime {
  /** Its own file. */
  readonly file: string;
  /** What runs it on this host; null where nothing does. */
  readonly command: readonly string[] | null;
}

/** QEMU's name of each, and where Debian's packages for other architectures put the libraries that Node needs. */
const EMULATED: Readonly<Record<Architecture, { readonly name: string; readonly libraries: string }>> = {
  x64: { name: "x86_64", libraries: "/usr/x86_64-linux-gnu" },
  arm64: { name: "aarch64", libraries: "/usr/aarch64-linux-gnu" },
};

/** Throws where it is none of them. */
export function architectureOf(name: string): Architecture {
  const found = ARCHITECTURES.find((each) => each === name);
  if (!found) throw new Error(`Cannot make guestkit for ${name}: there is ${ARCHITECTURES.join(" and ")}`);
  return found;
}

/** The Node of this version for an architecture: the one that runs this, or npm's package of it, fetched once. */
export async function nodeFor(architecture: Architecture): Promise<Runtime> {
  if (architecture === process.arch) return { file: process.execPath, command: [process.execPath] };
  const file = await fetched(architecture);
  return { file, command: await emulator(architecture, file) };
}

async function fetched(architecture: Architecture): Promise<string> {
  const { node: version } = process.versions;
  const cache = join(import.meta.dirname, "../../node_modules/.cache");
  const folder = join(cache, `node-${version}-${architecture}`);
  const file = join(folder, "package/bin/node");
  if (await stat(file).catch(() => null)) return file;
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, "node-"));
  const wanted = `node-linux-${architecture}@${version}`;
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", partial, wanted]);
  await run("tar", ["-xzf", join(partial, stdout.trim()), "-C", partial]);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return file;
}

/** QEMU's emulator of programs, where there is one that runs this. */
async function emulator(architecture: Architecture, file: string): Promise<readonly string[] | null> {
  const { name, libraries } = EMULATED[architecture];
  for (const program of [`qemu-${name}-static`, `qemu-${name}`]) {
    const command = [program, "-L", libraries, file];
    const isThere = await run(program, [...command.slice(1), "--version"]).then(
      () => true,
      () => false,
    );
    if (isThere) return command;
  }
  return null;
}
