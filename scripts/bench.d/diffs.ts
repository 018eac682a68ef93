import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import { debianCloud } from "../../test/support/debian-cloud.ts";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import { withExport } from "../../test/support/exported.ts";
import { withMount } from "../../test/support/mounted.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const RUNS = 10;
const FILES = 50_000;

/** Two overlays of one base, each with changes of its own; two Debians of which neither knows of the other. */
export async function diffCases({
  path,
}: Pick<DebianImage, "path">): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-diffs-"));
  const close = () => rm(folder, { recursive: true, force: true });
  if (process.getuid?.() !== 0) {
    console.error("left out: diffs of overlays (only root may mount)");
    return { cases: [], close };
  }
  try {
    await makeBase(folder);
    const one = await overlay(folder, "one", "rm -r d3; for i in 1 2 4 5; do echo changed > d$i/7; done");
    const two = await overlay(folder, "two", "chmod 600 d8/*; mv d9/1 d9/moved; date > d10/9");
    const cases = [
      { title: `diff: two overlays of a base of ${FILES.toLocaleString("en")} files`, images: [one, two], most: 1.5 },
      { title: "diff: two Debians", images: [path, await debianCloud()], most: 6 },
    ];
    return { cases: cases.map(caseOf), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** It exits with 2, as it is to. */
function caseOf({ title, images, most }: { title: string; images: readonly string[]; most: number }): Case {
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  const words = [process.execPath, ...NODE_FLAGS, bundle, "diff", "--json", ...images];
  const ours = { name: "guestkit", shell: `${words.join(" ")}; test $? = 2`, runs: RUNS };
  return { title, aim: `under ${most} CPU s`, ours, peers: [] };
}

/** Five hundred folders of a hundred files each, half a GiB in all. */
async function makeBase(folder: string): Promise<void> {
  const [tree, raw] = [join(folder, "tree"), join(folder, "base.raw")];
  const content = Buffer.alloc(30_000, "what a file of a guest may say, again and again\n");
  const sizes = [100, 900, 3000, 9000, 30_000];
  for (let at = 0; at < FILES; at++) {
    const place = join(tree, `d${Math.floor(at / 100)}`);
    if (at % 100 === 0) await mkdir(place, { recursive: true });
    const size = sizes[at % sizes.length] ?? 0;
    await writeFile(join(place, String(at % 100)), Buffer.concat([Buffer.from(`${at}\n`), content.subarray(0, size)]));
  }
  await mkdir(join(tree, "etc"));
  await mkdir(join(tree, "usr/bin"), { recursive: true });
  await writeFile(join(tree, "etc/os-release"), "ID=test\n");
  await writeFile(raw, "");
  await truncate(raw, 1536 << 20);
  await run("mke2fs", ["-q", "-F", "-t", "ext4", "-d", tree, raw]);
  await run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, join(folder, "base.qcow2")]);
  await rm(tree, { recursive: true });
}

async function overlay(folder: string, name: string, script: string): Promise<string> {
  const image = join(folder, `${name}.qcow2`);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", image]);
  await withExport(image, join(folder, `${name}-disk`), (raw) =>
    withMount(raw, "rw", (top) => run("bash", ["-euc", `cd "$1"; ${script}`, "bash", top])),
  );
  return image;
}
