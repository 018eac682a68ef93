import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const SOURCES = ["core", "cli", "provider", "pulumi", "scripts"];
const NO_SOURCES = ["dist", "node_modules"];
/** One of each that the build writes. */
const BUNDLES = [
  "provider/dist/install.mjs",
  "cli/dist/guestkit.mjs",
  "cli/dist/install.mjs",
  "pulumi/native/dist/pulumi-resource-guestkit.mjs",
  "pulumi/dist/index.cjs",
];

/** Before any test: the bundles that users run are made from the sources that are here. */
export async function setup(): Promise<void> {
  const built = Math.min(...(await Promise.all(BUNDLES.map((each) => changed(join(root, each))))));
  const newest = Math.max(...(await Promise.all(SOURCES.map((each) => newestBelow(join(root, each))))));
  if (newest < built) return;
  const build = ["--conditions=guestkit-source", join(root, "scripts/build.ts")];
  await promisify(execFile)(process.execPath, build, { cwd: root });
}

/** Milliseconds since 1970; 0 where there is none. */
async function changed(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}

async function newestBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NO_SOURCES.includes(entry.name) ? 0 : newestBelow(path);
    return changed(path);
  });
  return Math.max(0, ...(await Promise.all(times)));
}
