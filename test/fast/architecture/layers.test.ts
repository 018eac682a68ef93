import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const biome = join(root, "node_modules/.bin/biome");

type Probe = readonly [folder: string, imported: string];

/** Refused: the first ones by their kinds, then what led back up, or around, when most of these were one folder. */
const REFUSED: readonly Probe[] = [
  ["core/kit", "../source/source.ts"],
  ["core/filesystem/ext4", "../fat/index.ts"],
  ["core/volume/mbr", "../gpt/index.ts"],
  ["core/format/raw", "../qcow2/index.ts"],
  ["core/filesystem/swap", "../iso9660/index.ts"],
  ["core/engine", "../build/edit.ts"],
  ["core/format", "../volume/index.ts"],
  ["core/guest", "node:fs"],
  ["core/engine", "execa"],
  ["core/build/bootstrap", "node:child_process"],
  ["core/communicator/ssh", "node:child_process"],
  ["core/lifecycle/launch", "execa"],
  ["core/disk", "../inspect/roots.ts"],
  ["core/guest", "../disk/disk.ts"],
  ["core/host/program", "../../build/qemu.ts"],
  ["core/qemu/process", "../../machine/leash.ts"],
  ["core/qemu/block", "../../build/chain.ts"],
  ["core/build", "../machine/run.ts"],
  ["core/machine", "../share/attachment.ts"],
  ["core/machine", "../lifecycle/look/look.ts"],
  ["core/machine/disks", "../../lifecycle/template/leaning.ts"],
  ["core/seed", "../communicator/ssh/index.ts"],
  ["core/communicator/ssh", "../../lifecycle/look/look.ts"],
  ["core/share", "../lifecycle/arguments/facts.ts"],
  ["core/preflight/rules", "../../lifecycle/template/guard.ts"],
  ["core/lifecycle", "../disposable/sweep.ts"],
  ["core/lifecycle/daily", "../../disposable/base.ts"],
  ["provider", "../core/engine/index.ts"],
  ["cli", "@guestkit/provider"],
];
const ALLOWED: readonly Probe[] = [
  ["core/engine", "../model/index.ts"],
  ["core/preflight/rules", "../../share/table.ts"],
  ["core/qemu/process", "node:child_process"],
  ["cli", "@guestkit/core/inspect"],
];

const fileOf = ([folder]: Probe, at: number) => `${folder}/probe-layers-${at}.ts`;
const probes = [...REFUSED, ...ALLOWED];
let reported: ReadonlySet<string> = new Set();

/** All of them at once, each as a file that must not exist. */
beforeAll(async () => {
  const files = probes.map(fileOf);
  try {
    for (const [at, [, imported]] of probes.entries()) {
      const text = `import type * as other from "${imported}";\nexport type Other = typeof other;\n`;
      await writeFile(join(root, files[at] ?? ""), text, { flag: "wx" });
    }
    reported = await lint(files);
  } finally {
    for (const file of files) await rm(join(root, file), { force: true });
  }
}, 60_000);

/** The files with an import that the linter refuses. */
async function lint(files: readonly string[]): Promise<ReadonlySet<string>> {
  const command = ["lint", "--max-diagnostics=none", "--colors=off", ...files];
  const told = promisify(execFile)(biome, command, { cwd: root, maxBuffer: 16 << 20 });
  const { stdout, stderr } = await told.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
  const found = (stdout + stderr).matchAll(/^(\S+?):\d+:\d+ lint\/style\/noRestrictedImports/gm);
  return new Set([...found].map(([, file = ""]) => file));
}

describe("the dependency rule, as the linter enforces it", () => {
  it.each(probes.map((probe, at) => [...probe, at, at < REFUSED.length] as const))(
    "%s, %s (%i): refused is %s",
    (folder, imported, at, refused) => {
      expect(reported.has(fileOf([folder, imported], at))).toBe(refused);
    },
  );
});
