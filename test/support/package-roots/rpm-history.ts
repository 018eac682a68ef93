import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixture.ts";
import { type ReleaseTools, releaseTools } from "../release-tools.ts";
import { run } from "../tool.ts";
import { linesOf, QUERY } from "./rpm-lines.ts";

/** Debian's releases, and what their rpm writes: 11 has 4.16, the last that wrote Berkeley DB; 13 has 4.20. */
const WRITERS = [
  { release: "bullseye", kind: "bdb" },
  { release: "bullseye", kind: "sqlite" },
  { release: "trixie", kind: "ndb" },
  { release: "trixie", kind: "sqlite" },
] as const;
type Release = (typeof WRITERS)[number]["release"];
export type RpmKind = (typeof WRITERS)[number]["kind"];

/** One that was installed, upgraded and erased in, and the same made anew by `rpmdb --rebuilddb`. */
const STATES = ["used", "rebuilt"] as const;

/** A folder of rpm's, and what the rpm that wrote it lists. */
export interface RpmHistory {
  readonly name: string;
  readonly folder: string;
  readonly told: readonly string[];
}

const COUNT = 120;
const SCRIPT = join(import.meta.dirname, "rpm-history.sh");

/** One release's rpm. */
interface Rpm {
  readonly tools: ReleaseTools;
  /** Without it rpm reads the host's macros. */
  readonly env: { readonly RPM_CONFIGDIR: string };
  /** Runs `rpm` or `rpmdb` upon a database of one kind; its stdout. */
  run(program: "rpm" | "rpmdb", kind: RpmKind, folder: string, args: readonly string[]): Promise<string>;
}

export async function rpmOf(release: Release): Promise<Rpm> {
  const prove = (made: ReleaseTools) => rpmIn(made).run("rpm", "sqlite", "/", ["--version"]);
  return rpmIn(await releaseTools(release, ["rpm"], prove));
}

function rpmIn(tools: ReleaseTools): Rpm {
  const env = { RPM_CONFIGDIR: join(tools.dir, "usr/lib/rpm") };
  return {
    tools,
    env,
    run: (program, kind, folder, args) => tools.run(program, [...databaseOf(kind, folder), ...args], env),
  };
}

export const databaseOf = (kind: RpmKind, folder: string) => ["--define", `_db_backend ${kind}`, "--dbpath", folder];

/** Databases of each kind by a rpm that writes it, in each state. */
export async function rpmHistories(): Promise<readonly RpmHistory[]> {
  const texts = await Promise.all([SCRIPT, import.meta.filename].map((each) => readFile(each, "utf8")));
  const dir = await fixture("rpm-histories", { texts, COUNT, QUERY }, build, async (made) => {
    for (const { name, told } of await historiesIn(made)) {
      if (told.length !== KEPT) throw new Error(`${name} has ${told.length} packages`);
    }
  });
  return historiesIn(dir);
}

function historiesIn(dir: string): Promise<readonly RpmHistory[]> {
  const names = WRITERS.flatMap(({ release, kind }) => STATES.map((state) => `${release}-${kind}-${state}`));
  const toldOf = async (name: string) => linesOf(await readFile(join(dir, `${name}.told`), "utf8"));
  return Promise.all(names.map(async (name) => ({ name, folder: join(dir, name), told: await toldOf(name) })));
}

async function build(target: string): Promise<void> {
  const packages = join(target, "packages");
  await run("sh", [SCRIPT, packages, String(COUNT)]);
  for (const { release, kind } of WRITERS) {
    const rpm = await rpmOf(release);
    const [used, rebuilt] = STATES.map((state) => join(target, `${release}-${kind}-${state}`)) as [string, string];
    await mkdir(used);
    await live(packages, (args) => rpm.run("rpm", kind, used, args));
    await cp(used, rebuilt, { recursive: true });
    await rpm.run("rpmdb", kind, rebuilt, ["--rebuilddb"]);
    for (const folder of [used, rebuilt])
      await writeFile(`${folder}.told`, await rpm.run("rpm", kind, folder, ["-qa", "--qf", QUERY]));
  }
  await rm(packages, { recursive: true });
}

const isUpgraded = (unit: number) => unit % 2 === 0;
const isErased = (unit: number) => unit % 5 === 1;
const isBack = (unit: number) => unit % 10 === 1;
const UNITS = Array.from({ length: COUNT }, (_, unit) => unit);
const KEPT = UNITS.filter((unit) => !isErased(unit) || isBack(unit)).length;

/** Installs in two goes, upgrades, erases, and installs again into the room that became free. */
async function live(packages: string, rpm: (args: readonly string[]) => Promise<string>) {
  const files = (version: 1 | 2, units: readonly number[]) =>
    units.map((unit) => join(packages, String(version), `unit-${unit}.rpm`));
  const options = ["--justdb", "--nodeps", "--noscripts", "--nosignature", "--nodigest"];
  const half = COUNT / 2;
  for (const some of [UNITS.slice(0, half), UNITS.slice(half)]) await rpm(["-i", ...options, ...files(1, some)]);
  await rpm(["-U", ...options, ...files(2, UNITS.filter(isUpgraded))]);
  const erased = UNITS.filter(isErased).map((unit) => `unit-${unit}`);
  await rpm(["-e", "--justdb", "--nodeps", "--noscripts", ...erased]);
  await rpm(["-i", ...options, ...files(2, UNITS.filter(isBack))]);
}

/** Files of one history by their paths in a guest. */
export async function filesOf({ folder }: RpmHistory): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [`/var/lib/rpm/${name}`, await readFile(join(folder, name))] as const)),
  );
}
