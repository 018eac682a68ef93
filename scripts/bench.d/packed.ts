import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const RUNS = 5;

/** qemu-img's format, options of its making, what it is called. */
const PACKED = [
  ["vmdk", "subformat=streamOptimized", "streamOptimized"],
  ["qcow2", "compression_type=zlib", "qcow2, zlib"],
  ["qcow2", "compression_type=zstd", "qcow2, zstd"],
] as const;

/** The Debian disk in formats that compress, read whole. */
export async function packedCases({
  raw,
}: Pick<DebianImage, "raw">): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-packed-"));
  const program = await bundled("whole-disk-program.ts", folder);
  const nowhere = `driver=null-co,size=${(await stat(raw)).size}`;
  const cases: Case[] = [];
  for (const [format, option, name] of PACKED) {
    const image = join(folder, `${cases.length}.${format}`);
    const packed = format === "qcow2" ? ["-c"] : [];
    await run("qemu-img", ["convert", ...packed, "-f", "raw", "-O", format, "-o", option, raw, image]);
    cases.push({
      title: `packed: read a whole disk of ${name}`,
      aim: "at most the wall time of qemu-img",
      ours: {
        name: "guestkit",
        shell: `exec ${process.execPath} ${program} ${image}`,
        runs: RUNS,
      },
      peers: [
        {
          name: "qemu-img",
          shell: `exec qemu-img convert -n -f ${format} --target-image-opts ${image} ${nowhere}`,
          runs: RUNS,
        },
      ],
    });
  }
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}

/** As one file, as users run it: to read the sources takes as long as a third of a disk. */
async function bundled(name: string, folder: string): Promise<string> {
  const outfile = join(folder, "program.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["guestkit-source"],
  });
  return outfile;
}
