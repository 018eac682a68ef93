/**
 * Disks with a device of each kind of LVM and md, made by the test machine: noise in each of them, and the SHA-256 of
 * what its kernel read of it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixture.ts";
import { holds } from "../proof.ts";
import { testMachine } from "../test-machine/index.ts";

const MIB = 2 ** 20;
/** Bytes of each disk, by the script that makes what lies on them. */
const DISKS = {
  lvm: { pv0: 40, pv1: 32, pv2: 32, pv3: 32, pv4: 32, pv5: 32 },
  md: { slices: 300 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;
export type StackName = keyof typeof DISKS;

const DEADLINE_MS = 900_000;

export interface StackImages {
  /** Paths of the disks by name; not to be written. */
  readonly disks: Readonly<Record<string, string>>;
  /** SHA-256 by the device's name. */
  readonly sums: ReadonlyMap<string, string>;
  /** What else the script sent. */
  readonly told: Readonly<Record<string, string>>;
}

/** Made at the first call: a boot, and a minute of the machine's work. */
export async function stackImages(name: StackName): Promise<StackImages> {
  const machine = await testMachine();
  const [script, noise] = (await Promise.all(
    [`${name}.sh`, "noise.py"].map((file) => readFile(join(import.meta.dirname, file), "utf8")),
  )) as [string, string];
  const sizes = Object.entries(DISKS[name]);
  const build = async (dir: string) => {
    const disks = sizes.map(([disk, size]) => [disk, { path: join(dir, `${disk}.img`), size: size * MIB }]);
    const job = { disks: Object.fromEntries(disks), script, files: { "noise.py": noise }, deadlineMs: DEADLINE_MS };
    const { report } = await machine.run(job);
    const told = [...report.files].map(([file, bytes]) => [file, Buffer.from(bytes).toString()]);
    await writeFile(join(dir, "told.json"), JSON.stringify(Object.fromEntries(told)));
  };
  const names = sizes.map(([disk]) => `${disk}.img`);
  const recipe = [machine.name, script, noise, sizes];
  const dir = await fixture(`stack-${name}`, recipe, build, (made) => holds(made, [...names, "told.json"]));
  const told = JSON.parse(await readFile(join(dir, "told.json"), "utf8"));
  const lines: string[] = told.sums.trim().split("\n");
  return {
    disks: Object.fromEntries(sizes.map(([disk]) => [disk, join(dir, `${disk}.img`)])),
    sums: new Map(lines.map((line) => line.split(" ").toReversed() as [string, string])),
    told,
  };
}
