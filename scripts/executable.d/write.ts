import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import { injectBlob } from "./elf.ts";
import { programFiles } from "./files.ts";
import { FILES, INDEX, type Index, LOADER } from "./loader.ts";
import type { Runtime } from "./node.ts";

const run = promisify(execFile);

/**
 * Writes the executable that this Node makes of the sources: the same bytes each time. Where nothing runs that Node here, it is
 * one without compiled code, which starts later.
 */
export async function writeExecutable(out: string, { file, command }: Runtime): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-executable-"));
  try {
    for (const [name, bytes] of await programFiles()) await writeFile(join(folder, name), bytes);
    if (command) await compile(folder, command);
    const blob = await blobOf(folder);
    await mkdir(dirname(out), { recursive: true });
    const partial = `${out}.${process.pid}`;
    await writeFile(partial, injectBlob(await readFile(file), blob));
    await chmod(partial, 0o755);
    await rename(partial, out);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Under the flags of the executable: V8 takes no code that was compiled under others. */
async function compile(folder: string, [program = "", ...first]: readonly string[]): Promise<void> {
  const args = [...first, "--hash-seed=1", ...NODE_FLAGS, join(import.meta.dirname, "compile.ts"), folder];
  await run(program, args, { env: { PATH: process.env.PATH } });
}

async function blobOf(folder: string): Promise<Uint8Array> {
  await pack(folder);
  const config = {
    main: LOADER,
    output: "blob",
    disableExperimentalSEAWarning: true,
    execArgv: NODE_FLAGS,
    // Options for other programs of the user's, such as an editor's debugger, are none for this one.
    execArgvExtension: "none",
    assets: Object.fromEntries([LOADER, FILES, INDEX].map((name) => [name, name])),
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const args = ["--experimental-sea-config", "config.json"];
  await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH } });
  return await readFile(join(folder, "blob"));
}

/** Lays all files but the loader into one. */
async function pack(folder: string): Promise<void> {
  const index: Record<string, Index[string]> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const name of (await readdir(folder)).filter((each) => each !== LOADER).toSorted()) {
    const bytes = await readFile(join(folder, name));
    index[name] = [end, bytes.length];
    parts.push(bytes, new Uint8Array(-bytes.length & (ALIGNMENT - 1)));
    end += bytes.length + (-bytes.length & (ALIGNMENT - 1));
  }
  await writeFile(join(folder, FILES), Buffer.concat(parts));
  await writeFile(join(folder, INDEX), JSON.stringify(index));
}

/** V8 copies compiled code that does not lie so. */
const ALIGNMENT = 16;
