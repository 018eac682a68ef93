import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { GUESTKIT, guestkitText } from "../../support/cli.ts";
import { scratch } from "../../support/scratch.ts";

const FEW = 4;
const MANY = 4 * FEW;
/**
 * Four times the things may cost four times the looks, where a quadratic command costs sixteen. Things are worked on
 * side by side, so that the looks they share differ from run to run by a quarter: the bound stands between the two.
 */
const LINEAR = 7;

/** Machines that stand still, with two disks each: their number, and the folder of their project. */
interface Fleet {
  readonly size: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

async function makeFleet(size: number, folder: string): Promise<Fleet> {
  const keys = Array.from({ length: size }, (_, at) => `m${at}`);
  const image = (name: string) => [name, { path: `./${name}.qcow2`, size: "1M" }];
  const machine = (name: string) => {
    const disks = {
      root: { image: `\${disk_image.root-${name}.id}`, overlay: true },
      data: { image: `\${disk_image.data-${name}.id}` },
    };
    return [name, { name, running: false, preflight: "off", networks: {}, disks }];
  };
  const images = Object.fromEntries(keys.flatMap((name) => [image(`root-${name}`), image(`data-${name}`)]));
  const resources = { disk_image: images, virtual_machine: Object.fromEntries(keys.map(machine)) };
  await writeFile(join(folder, "guestkit.yaml"), JSON.stringify({ version: 1, resources }));
  const place = (name: string) => join(folder, name);
  for (const name of ["data", "cache", "run"]) await mkdir(place(name));
  const env = {
    GUESTKIT_DATA_DIR: place("data"),
    GUESTKIT_CACHE_DIR: place("cache"),
    GUESTKIT_RUNTIME_DIR: place("run"),
  };
  await guestkitText(["apply", "--auto-approve"], { cwd: folder, env });
  return { size, folder, env };
}

interface Looks {
  /** Files of the fleet that were opened. */
  readonly opened: number;
  /** Looks at a name of the fleet, opened or not. */
  readonly named: number;
  /** Looks at files and links below /proc/PID: things that stand still have no process, and a command knows itself. */
  readonly processes: number;
}

/** What a command looks at, by its system calls. */
async function looksOf({ folder, env }: Fleet, args: readonly string[]): Promise<Looks> {
  const trace = join(folders.traces, "trace");
  const calls = "trace=openat,stat,lstat,statx,newfstatat,readlink,readlinkat,access,faccessat2";
  const command = ["-f", "-qq", "--seccomp-bpf", "-o", trace, "-e", calls];
  const node = [...GUESTKIT, ...args];
  await promisify(execFile)("strace", [...command, ...node], { cwd: folder, env: { ...process.env, ...env } });
  const lines = (await readFile(trace, "utf8")).split("\n");
  const own = lines.filter((line) => line.includes(`"${folder}/`) && !line.includes("/cache/compile/"));
  return {
    opened: own.filter((line) => line.includes("openat(")).length,
    named: own.length,
    processes: lines.filter((line) => /"\/proc\/\d+/.test(line)).length,
  };
}

const folders = {
  few: await scratch("fleet-few"),
  many: await scratch("fleet-many"),
  traces: await scratch("fleet-traces"),
};

describe("four times the machines and images", () => {
  let fleets: { readonly few: Fleet; readonly many: Fleet };
  beforeAll(async () => {
    fleets = { few: await makeFleet(FEW, folders.few), many: await makeFleet(MANY, folders.many) };
  });

  const ratio = async (args: readonly string[]) => {
    const few = await looksOf(fleets.few, args);
    const many = await looksOf(fleets.many, args);
    return { few, many, opened: many.opened / few.opened, named: many.named / few.named };
  };

  it("cost a plan four times the looks", async () => {
    const { opened, named, few, many } = await ratio(["plan"]);
    expect(opened).toBeLessThan(LINEAR);
    expect(named).toBeLessThan(LINEAR);
    expect(many.processes).toBe(few.processes);
  });

  it("cost a removal of all of them four times the looks", async () => {
    const { opened, named, few, many } = await ratio(["destroy", "--auto-approve"]);
    expect(opened).toBeLessThan(LINEAR);
    expect(named).toBeLessThan(LINEAR);
    expect(many.processes).toBe(few.processes);
  });
});
