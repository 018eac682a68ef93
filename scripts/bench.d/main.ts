/** Prints a table a case: CPU, wall and memory of guestkit and of each peer, and the ratios, all from this run. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, rmdir } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianImage } from "../../test/support/debian-fixture.ts";
import { type Case, cases } from "./cases.ts";
import { diffCases } from "./diffs.ts";
import { engineCases } from "./engines.ts";
import { executableCases } from "./executable.ts";
import { fleetCases } from "./fleet.ts";
import { reportGrowth } from "./growth.ts";
import { luksCases } from "./luks.ts";
import { machineCases, openMachines } from "./machines.ts";
import { manyCases } from "./many.ts";
import { type Figures, measureInTurns } from "./measure.ts";
import { packageCases } from "./packages.ts";
import { packedCases } from "./packed.ts";
import { pulumiCases } from "./pulumi.ts";
import { remoteCases } from "./remote.ts";
import { softwareCases } from "./software.ts";
import { treeCases } from "./trees.ts";

const run = promisify(execFile);

async function rootSector(raw: string): Promise<number> {
  const { stdout } = await run("sfdisk", ["--json", raw]);
  const { partitiontable } = JSON.parse(stdout) as {
    partitiontable: { partitions: { start: number; size: number }[] };
  };
  // The root partition is the largest one.
  return partitiontable.partitions.toSorted((a, b) => b.size - a.size)[0]?.start ?? 0;
}

/** Mounts the root partition read-only, as root alone may; dispose to unmount. */
async function mount(raw: string, sector: number): Promise<{ path: string | null; unmount: () => Promise<void> }> {
  if (process.getuid?.() !== 0) return { path: null, unmount: async () => {} };
  const path = await mkdtemp(join(tmpdir(), "guestkit-bench-"));
  await run("mount", ["-o", `ro,noload,loop,offset=${sector * 512}`, raw, path]);
  return {
    path,
    unmount: async () => {
      await run("umount", [path]);
      await rmdir(path);
    },
  };
}

const cell = (text: string, width: number) => text.padStart(width);

function row(name: string, figures: Figures, ours: Figures): string {
  const ratio = ours === figures ? "1" : (figures.cpu / ours.cpu).toFixed(2);
  const numbers = [
    figures.cpu.toFixed(2),
    figures.wall.toFixed(2),
    figures.rss.toFixed(0),
    ratio,
    String(figures.runs),
  ];
  return `| ${name.padEnd(26)} |${numbers.map((text) => cell(text, 9)).join(" |")} |`;
}

async function report(each: Case): Promise<void> {
  console.log(`\n### ${each.title}\n\nAim: ${each.aim}.\n`);
  console.log(`| ${"".padEnd(26)} |    CPU s |   wall s |  RSS MiB | CPU/ours |     runs |`);
  console.log("|---|---:|---:|---:|---:|---:|");
  const commands = [each.ours, ...each.peers];
  const [ours, ...peers] = (await measureInTurns(commands)) as [Figures | Error, ...(Figures | Error)[]];
  if (ours instanceof Error) throw ours;
  console.log(row("guestkit", ours, ours));
  for (const [at, found] of peers.entries()) {
    const name = each.peers[at]?.name ?? "";
    if (found instanceof Error) console.log(`| ${name} | failed: ${found.message.split("\n")[0]} |`);
    else console.log(row(name, found, ours));
  }
}

/** Installs the provider into a folder of its own; its launcher. */
async function installProvider(mirror: string): Promise<string> {
  const installer = join(import.meta.dirname, "../../provider/dist/install.mjs");
  const { stdout } = await run(process.execPath, [installer, mirror]);
  const [folder = ""] = stdout.split("\n");
  const [program = ""] = (await readdir(folder)).filter((name) => name.startsWith("terraform-provider-"));
  return join(folder, program);
}

function isWanted({ title }: Pick<Case, "title">): boolean {
  const only = process.argv.slice(2);
  return only.length === 0 || only.some((word) => title.includes(word) || word.startsWith(title.trim()));
}

async function reportMachines(): Promise<void> {
  const command = [process.execPath, join(import.meta.dirname, "../../cli/dist/guestkit.mjs")];
  const machines = await openMachines(command);
  try {
    for (const each of machineCases(machines, command.join(" "))) await report(each);
  } finally {
    await machines.close();
  }
}

async function reportAll({ cases: all, close }: Awaited<ReturnType<typeof manyCases>>): Promise<void> {
  try {
    for (const each of all.filter(isWanted)) await report(each);
  } finally {
    await close();
  }
}

const image = await debianImage();
const sector = await rootSector(image.raw);
const mounted = await mount(image.raw, sector);
const mirror = await mkdtemp(join(tmpdir(), "guestkit-bench-mirror-"));
try {
  console.log(`Medians on ${cpus().length} cores (${cpus()[0]?.model.trim()}), warm, Node ${process.version}.`);
  const subject = { ...image, rootSector: sector, mounted: mounted.path, provider: await installProvider(mirror) };
  for (const each of cases(subject).filter(isWanted)) await report(each);
  if (isWanted({ title: "executable: " })) await reportAll(await executableCases(subject));
  if (isWanted({ title: "parsers: growth, dpkg" })) await reportGrowth();
  if (isWanted({ title: "machine: " })) await reportMachines();
  if (isWanted({ title: "encrypted: " })) await reportAll(await luksCases());
  if (isWanted({ title: "trees: " })) await reportAll(await treeCases(image));
  if (isWanted({ title: "software: " })) await reportAll(await softwareCases(image));
  if (isWanted({ title: "packed: " })) await reportAll(await packedCases(image));
  if (isWanted({ title: "fleet: " })) await reportAll(await fleetCases(image));
  if (isWanted({ title: "packages: " })) await reportAll(await packageCases());
  if (isWanted({ title: "diff: " })) await reportAll(await diffCases(image));
  if (isWanted({ title: "many: " })) await reportAll(await manyCases());
  if (isWanted({ title: "remote: " })) await reportAll(await remoteCases());
  if (isWanted({ title: "pulumi: " })) await reportAll(await pulumiCases());
  if (isWanted({ title: "engine: " })) await reportAll(await engineCases());
} finally {
  await mounted.unmount();
  await rm(mirror, { recursive: true, force: true });
}
