/** Writes the bundles that users run, with all of their code inside. */
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { buildLibraries } from "./build-libraries.ts";
import { bundle } from "./bundle.ts";

/** Entry -> bundle. */
const BUNDLES: Readonly<Record<string, string>> = {
  "provider/main.ts": "provider/dist/terraform-provider-guestkit.mjs",
  "provider/install.ts": "provider/dist/install.mjs",
  "pulumi/native/main.ts": "pulumi/native/dist/pulumi-resource-guestkit.mjs",
  "cli/bin/guestkit.ts": "cli/dist/guestkit.mjs",
  "cli/install.ts": "cli/dist/install.mjs",
};

/** What these import on demand stays in files of its own beside them. */
const SPLIT = ["cli/bin/guestkit.ts", "provider/main.ts"];

/** Beside and renamed: another process may be starting the bundle, or writing it too. */
async function writeWhole(path: string, contents: Uint8Array | string): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(partial, contents);
  await rename(partial, path);
}

/** A day: whoever runs an earlier build by then still finds its parts. None of them is published. */
const STALE = process.argv.includes("--clean") ? 0 : 24 * 60 * 60 * 1000;

/** Removes parts of builds that nobody runs any more. */
async function sweep(written: ReadonlyMap<string, unknown>): Promise<void> {
  for (const folder of new Set([...written.keys()].map(dirname))) {
    if (basename(folder) !== "chunks") continue;
    for (const path of (await readdir(folder)).map((name) => join(folder, name))) {
      if (written.has(path) || Date.now() - (await stat(path)).mtimeMs < STALE) continue;
      await rm(path, { force: true });
    }
  }
}

const wanted = process.argv.slice(2).filter((each) => each !== "--clean");
for (const [entry, outfile] of Object.entries(BUNDLES)) {
  if (wanted.length > 0 && !wanted.includes(outfile.split("/")[0] ?? "")) continue;
  const files = await bundle({ entry, outfile, isSplit: SPLIT.includes(entry) });
  for (const [path, contents] of files) await writeWhole(path, contents);
  await sweep(files);
  console.log(`wrote ${outfile}`);
}
await buildLibraries(wanted);
