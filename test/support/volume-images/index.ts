/**
 * Images of what the host's kernel may lack, made by the test machine and read by it again: LVM, md, LUKS, xfs of version
 * 4, each with the same small tree ({@link treeFacts}). Made once, and kept with what the kernel found in them.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DUMP_TREE, differences, dumpedFacts, type Facts } from "../compare-tree.ts";
import { fixture } from "../fixture.ts";
import { textOf } from "../guest-parts/recipe.ts";
import { holds } from "../proof.ts";
import { type TestMachine, testMachine } from "../test-machine/index.ts";
import { type OracleMount, oracleTrees } from "../test-machine/oracle.ts";
import { treeFacts, treeFiles, VARIES } from "./tree.ts";

const MIB = 2 ** 20;
/** Raw disks. Of the volume group, the first has room for three extents of 4 MiB. */
const SIZES = {
  pv0: 13 * MIB,
  pv1: 80 * MIB,
  md0: 48 * MIB,
  md1: 48 * MIB,
  luks2: 64 * MIB,
  luks1: 48 * MIB,
  xfs4: 300 * MIB,
  "xfs4-oldest": 300 * MIB,
} as const;
export type VolumeDisk = keyof typeof SIZES;

/** Opens both LUKS disks; the second one LUKS2 alone. */
export const PASSPHRASE = "open sesame";
export const SECOND_PASSPHRASE = "a second key";

const unlock = (disk: string, passphrase: string) =>
  `printf %s '${passphrase}' | cryptsetup open --readonly --key-file - /disk/${disk} ${disk}`;

/** The file systems, and how the kernel comes to them. */
export const VOLUME_MOUNTS = {
  "lvm-root": { open: "vgchange -q -ay vg0", device: "/dev/vg0/root" },
  "lvm-data": { device: "/dev/vg0/data" },
  md: { open: "mdadm --assemble --readonly /dev/md127 /disk/md0 /disk/md1", device: "/dev/md127" },
  luks2: { open: unlock("luks2", SECOND_PASSPHRASE), device: "/dev/mapper/luks2" },
  luks1: { open: unlock("luks1", PASSPHRASE), device: "/dev/mapper/luks1" },
  xfs4: { device: "/disk/xfs4" },
  "xfs4-oldest": { device: "/disk/xfs4-oldest" },
} as const satisfies Record<string, OracleMount>;
export type VolumeMount = keyof typeof VOLUME_MOUNTS;

export interface VolumeImages {
  /** Paths of the disks; not to be written. */
  readonly disks: Readonly<Record<VolumeDisk, string>>;
  /** What the kernel found in each file system, for `dumpedFacts`. */
  readonly found: Readonly<Record<VolumeMount, string>>;
  /** What the tools say of what they made: lvm fullreport (JSON), mdadm --examine, luksDump, xfs_db's superblock. */
  readonly told: Readonly<Record<"lvm" | "md" | "luks2" | "luks1" | "xfs4" | "xfs4-oldest", string>>;
}

/** The images, made at the first call (two boots). */
export async function volumeImages(): Promise<VolumeImages> {
  const machine = await testMachine();
  const build = async (dir: string) => {
    const told = await make(machine, dir);
    const found = await oracleTrees(machine, disksIn(dir), VOLUME_MOUNTS);
    await writeFile(join(dir, "listing.json"), JSON.stringify({ found, told }));
  };
  const dir = await fixture("volume-images", await recipe(machine), build, prove);
  const disks = Object.fromEntries(Object.entries(disksIn(dir)).map(([name, { path }]) => [name, path]));
  return { disks, ...(await listing(dir)) } as VolumeImages;
}

/** What of a dumped tree differs from the one that was made, a line each. */
export function differencesFromMade(dumped: string): string[] {
  return differences(withoutFolderSizes(dumpedFacts(dumped, VARIES)), treeFacts());
}

async function make(machine: TestMachine, dir: string): Promise<Readonly<Record<string, string>>> {
  const disks = Object.entries(SIZES).map(([name, size]) => [name, { path: join(dir, `${name}.img`), size }]);
  const [script, populate] = await Promise.all(
    ["make.sh", "populate.py"].map((name) => readFile(join(import.meta.dirname, name), "utf8")),
  );
  const files = { ...treeFiles(), "populate.py": populate ?? "", passphrase: PASSPHRASE, second: SECOND_PASSPHRASE };
  const { report } = await machine.run({ disks: Object.fromEntries(disks), script: script ?? "", files });
  return Object.fromEntries([...report.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
}

/** They are whole, and the kernel found in each of them what was put there. */
async function prove(dir: string): Promise<void> {
  await holds(dir, [...Object.keys(SIZES).map((name) => `${name}.img`), "listing.json"]);
  const { found } = await listing(dir);
  for (const [name, dumped] of Object.entries(found)) {
    const wrong = differencesFromMade(dumped);
    if (wrong.length > 0) throw new Error(`${name} does not hold what was put there: ${wrong.join("; ")}`);
  }
}

async function listing(dir: string): Promise<Pick<VolumeImages, "found" | "told">> {
  return JSON.parse(await readFile(join(dir, "listing.json"), "utf8"));
}

/** For reading. */
function disksIn(dir: string): Record<VolumeDisk, { readonly path: string }> {
  const disks = Object.keys(SIZES).map((name) => [name, { path: join(dir, `${name}.img`) }]);
  return Object.fromEntries(disks) as Record<VolumeDisk, { readonly path: string }>;
}

/** A directory's size is the file system's own matter. */
function withoutFolderSizes(facts: Facts): Facts {
  const strip = ({ size: _, ...rest }: Record<string, unknown>) => rest;
  return new Map([...facts].map(([path, each]) => [path, each.type === "directory" ? strip(each) : each]));
}

/** What the images and the listings depend on. */
async function recipe(machine: TestMachine): Promise<readonly unknown[]> {
  const texts = [
    await readFile(DUMP_TREE, "utf8"),
    ...(await textOf([import.meta.dirname], (name) => name === "index.ts")),
  ];
  return [machine.name, SIZES, PASSPHRASE, SECOND_PASSPHRASE, VOLUME_MOUNTS, texts];
}
