/** Writes the single executable of an architecture: `node scripts/executable.ts OUT [ARCH]`. */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../cli/node-flags.ts";
import { injectBlob } from "./executable.d/elf.ts";
import { programFiles } from "./executable.d/files.ts";
import { LOADER } from "./executable.d/loader.ts";

const run = promisify(execFile);

/** A Node that is put to work on a folder of files. */
interface Runtime {
  /** Its own file. */
  readonly file: string;
  /** What runs it here. */
  readonly command: readonly string[];
}

/** Writes the executable that this Node makes of the sources. */
export async function writeExecutable(out: string, node: Runtime): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-executable-"));
  try {
    for (const [name, bytes] of await programFiles()) await writeFile(join(folder, name), bytes);
    const compiler = join(import.meta.dirname, "executable.d/compile.ts");
    await runNode(node, ["--hash-seed=1", ...NODE_FLAGS, compiler, "."], folder);
    const blob = await blobOf(folder, node);
    await mkdir(dirname(out), { recursive: true });
    const partial = `${out}.${process.pid}`;
    await writeFile(partial, injectBlob(await readFile(node.file), blob));
    await chmod(partial, 0o755);
    await rename(partial, out);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function blobOf(folder: string, node: Runtime): Promise<Uint8Array> {
  const names = (await readdir(folder)).toSorted();
  const config = {
    main: LOADER,
    output: "blob",
    disableExperimentalSEAWarning: true,
    execArgv: NODE_FLAGS,
    // Options for other programs of the user's, such as an editor's debugger, are none for this one.
    execArgvExtension: "none",
    assets: Object.fromEntries(names.map((name) => [name, name])),
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await runNode(node, ["--experimental-sea-config", "config.json"], folder);
  return await readFile(join(folder, "blob"));
}

async function runNode(
  { command: [program = "", ...first] }: Runtime,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  await run(program, [...first, ...args], { cwd, env: { PATH: process.env.PATH } });
}

if (import.meta.main) {
  const [out = "cli/dist/guestkit"] = process.argv.slice(2);
  await writeExecutable(out, { file: process.execPath, command: [process.execPath] });
  console.log(`wrote ${out}`);
}
