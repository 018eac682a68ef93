import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import { fixture } from "../../test/support/fixture.ts";
import { databaseOf, type RpmKind, rpmOf } from "../../test/support/package-roots/rpm-history.ts";
import { QUERY } from "../../test/support/package-roots/rpm-lines.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const run = promisify(execFile);
const RUNS = 10;
const COUNT = 2000;
/** So many are built, and the others are these under other names: to build one takes a tenth of a second. */
const BUILT = 100;
const SCRIPT = join(import.meta.dirname, "many-packages.sh");

interface Kind {
  readonly kind: RpmKind;
  /** How much of rpm's CPU reading the database may take. */
  readonly aim: number;
  /** Of Debian, whose rpm writes it; null for the host's. */
  readonly release: "bullseye" | "trixie" | null;
}

const KINDS: readonly Kind[] = [
  { kind: "sqlite", aim: 0.5, release: null },
  { kind: "ndb", aim: 1, release: "trixie" },
  { kind: "bdb", aim: 1, release: "bullseye" },
];

/** Systems with many packages, and one that has none: what is between them is what reading the packages takes. */
export async function packageCases(): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const recipe = [COUNT, BUILT, KINDS, await readFile(SCRIPT, "utf8")];
  const made = await fixture("rpm-many", recipe, makeDatabases, async (dir) => {
    for (const each of KINDS)
      await run("sh", [
        "-c",
        await rpm(each, join(dir, each.kind), "--nodigest --nosignature -q part-0000-lib part-1999-lib"),
      ]);
  });
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-packages-"));
  for (const name of ["none", ...KINDS.map(({ kind }) => kind)]) await makeSystem(folder, name, join(made, name));
  const caseOf = async (each: Kind): Promise<Case> => ({
    title: `packages: inspect ${COUNT.toLocaleString("en")} of rpm, ${each.kind}`,
    aim: `beyond a system without packages at most ${each.aim.toFixed(1)} times the CPU of rpm, digests unchecked`,
    ours: guestkit("guestkit", join(folder, `${each.kind}.img`)),
    peers: [guestkit("guestkit, no packages", join(folder, "none.img")), await query(each, join(made, each.kind))],
  });
  return { cases: await Promise.all(KINDS.map(caseOf)), close: () => rm(folder, { recursive: true, force: true }) };
}

const guestkit = (name: string, image: string): Command => {
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  const words = [process.execPath, ...NODE_FLAGS, bundle, "inspect", "--no-cache", "--json", image];
  return { name, shell: `exec ${words.join(" ")}`, runs: RUNS };
};

/** The fields that we tell. */
const query = async (kind: Kind, folder: string): Promise<Command> => ({
  name: "rpm -qa, the same fields",
  shell: `exec ${await rpm(kind, folder, `--nodigest --nosignature -qa --qf '${QUERY}'`)}`,
  runs: RUNS,
});

/** A shell command by the rpm that wrote a database. */
async function rpm({ kind, release }: Kind, folder: string, words: string, name = "rpm"): Promise<string> {
  const own = release && (await rpmOf(release));
  const program = own ? ["env", ...ownEnv(own.env), ...(await own.tools.words(name))] : [name];
  return `${[...program, ...databaseOf(kind, folder)].map((word) => `'${word}'`).join(" ")} ${words}`;
}

const ownEnv = (env: Readonly<Record<string, string>>) =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`);

async function makeDatabases(target: string): Promise<void> {
  const top = join(target, "top");
  await run("sh", [SCRIPT, top, String(BUILT)]);
  const files = (await readdir(join(top, "RPMS/noarch"))).map((name) => join(top, "RPMS/noarch", name));
  const base = ["--dbpath", join(top, "base")];
  await run("rpm", [...base, "-i", "--justdb", "--nodeps", "--noscripts", ...files]);
  const { stdout } = await run("rpmdb", [...base, "--exportdb"], { encoding: "buffer", maxBuffer: 1 << 30 });
  await writeFile(join(top, "headers"), multiplied(stdout, COUNT / BUILT));
  await mkdir(join(target, "none"));
  for (const each of KINDS) {
    await mkdir(join(target, each.kind));
    const command = await rpm(each, join(target, each.kind), "--importdb", "rpmdb");
    await run("sh", ["-c", `${command} <'${join(top, "headers")}'`]);
  }
  await rm(top, { recursive: true });
}

/** Before each header: its magic; then how many entries of 16 bytes and how many bytes of values it has. */
const INTRO = 16;

/** Headers as rpm exports them, each `times` times: its package's number, which stands in all its names, counts on by hundreds. */
function multiplied(headers: Buffer, times: number): Buffer {
  const all: Buffer[] = [];
  for (let at = 0; at < headers.length; ) {
    const end = at + INTRO + 16 * headers.readUInt32BE(at + 8) + headers.readUInt32BE(at + 12);
    const text = headers.toString("latin1", at, end);
    const [own = "", number = ""] = /part-(\d{4})-lib/.exec(text) ?? [];
    for (let time = 0; time < times; time++) {
      const name = own.replace(number, String(Number(number) + time * BUILT).padStart(4, "0"));
      const [from, to] = [own, name].map((each) => each.slice(0, -"-lib".length)) as [string, string];
      all.push(Buffer.from(text.replaceAll(from, to), "latin1"));
    }
    at = end;
  }
  return Buffer.concat(all);
}

async function makeSystem(folder: string, kind: string, database: string): Promise<void> {
  const root = join(folder, kind);
  for (const each of ["etc", "usr/bin", "var/lib"]) await mkdir(join(root, each), { recursive: true });
  await writeFile(join(root, "etc/os-release"), "ID=fedora\nVERSION_ID=40\n");
  await run("cp", ["-r", database, join(root, "var/lib/rpm")]);
  // In blocks as large systems have them: of smaller ones many would hold zeros alone, and lie nowhere.
  await run("mke2fs", ["-q", "-t", "ext4", "-b", "4096", "-d", root, join(folder, `${kind}.img`), "400M"]);
}
