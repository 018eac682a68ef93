/**
 * `npm run release [-- --out FOLDER] [--arch x64|arm64]...`: writes all that people install, and the sums of it, into `release`.
 * The same bytes of the same sources; of all architectures where none is named.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ARCHITECTURES, type Architecture, architectureOf, nodeFor } from "./executable.d/node.ts";
import { writeExecutable } from "./executable.d/write.ts";
import { writeCollection } from "./release.d/collection.ts";
import { writeDeb } from "./release.d/deb.ts";
import { writePlugin } from "./release.d/plugin.ts";
import { writeProvider, writeProviderSums, writeSums } from "./release.d/provider.ts";
import { writeSdks } from "./release.d/sdks.ts";
import { root, run, version } from "./release.d/tree.ts";

/** Packages of npm's that are published. */
const PACKAGES = ["core", "cli", "provider", "pulumi"];

const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(root, "release") },
    arch: { type: "string", multiple: true, default: [...ARCHITECTURES] },
    // Of all that is compressed: tests have no time for the best.
    level: { type: "string", default: "6" },
  },
});
const [out, level] = [resolve(values.out), Number(values.level)];
const architectures = values.arch.map(architectureOf);
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const executables = await writeExecutables();
const zips: string[] = [];
for (const [architecture, executable] of executables) {
  zips.push(await writeProvider(out, executable, architecture, level));
  await writePlugin(out, { executable, architecture, level });
  await writeDeb(out, { executable, architecture, level });
  // Of blocks, as many threads as there are: the same bytes whatever their number.
  await run("xz", ["--keep", "--force", `-${level}`, "--threads=2", "--block-size=24MiB", executable]);
}
await writeProviderSums(out, zips);
await writeCollection(out);
await writeSdksOf(await generatorOfSdks());
await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", out, ...inWorkspaces(PACKAGES)], {
  cwd: root,
});
const names = await readdir(out);
await writeSums(
  join(out, "SHA256SUMS"),
  names.map((name) => join(out, name)),
);
console.log(
  [...names, "SHA256SUMS"]
    .toSorted()
    .map((name) => join(out, name))
    .join("\n"),
);

async function writeExecutables(): Promise<ReadonlyMap<Architecture, string>> {
  const found = new Map<Architecture, string>();
  for (const architecture of architectures) {
    const node = await nodeFor(architecture);
    if (!node.command) process.stderr.write(`guestkit for ${architecture} starts later: nothing here runs its Node\n`);
    const path = join(out, `guestkit-${await version()}-linux-${architecture}`);
    await writeExecutable(path, node);
    found.set(architecture, path);
  }
  return found;
}

/** The program of `npm run engines:all`; null where it was not built. */
async function generatorOfSdks(): Promise<string | null> {
  const { stdout } = await run("sh", [join(root, "scripts/engines"), "--list"]);
  const found = stdout.split("\n").find((line) => line.startsWith("pulumi-sdks\t"));
  return found?.split("\t")[2] ?? null;
}

async function writeSdksOf(generator: string | null): Promise<void> {
  if (generator) return writeSdks(out, generator, level);
  process.stderr.write("Pulumi's SDKs are left out: sh scripts/engines pulumi-sdks builds what writes them\n");
}

function inWorkspaces(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => ["-w", name]);
}
