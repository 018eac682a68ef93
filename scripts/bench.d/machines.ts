import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { microGuest } from "../../test/support/micro-guest/index.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
/** What the guest's kernel says first. */
const FIRST_LINE = "Linux version";
const FLEET = 50;

/** Machines of the bench's own: one to start, and a fleet that stands still. */
export interface Machines {
  readonly env: Readonly<Record<string, string>>;
  /** QEMU's command line of the machine that is started, as a file of a shell. */
  readonly bare: string;
  readonly console: string;
  close(): Promise<void>;
}

const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Declares the machines by the bundle that users run, and lets the fleet stand still. */
export async function openMachines(guestkit: readonly string[]): Promise<Machines> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-machines-"));
  const env = { GUESTKIT_DATA_DIR: join(folder, "data"), GUESTKIT_RUNTIME_DIR: join(folder, "run") };
  const [node = "", ...script] = guestkit;
  const call = (...args: string[]) => run(node, [...script, ...args], { cwd: folder, env: { ...process.env, ...env } });
  const { kernel, initrd, cmdline } = await microGuest();
  const one = { kernel, initrd, cmdline, memory: "256M", networks: {}, wait_for: [] };
  const fleet = Array.from({ length: FLEET }, (_, at) => `m${at}`);
  const paused = fleet.map((name) => [name, { ...one, name, memory: "64M", extra_args: ["-S"] }]);
  const machines = { one: { ...one, name: "one", running: false }, ...Object.fromEntries(paused) };
  await writeFile(join(folder, "guestkit.yaml"), stringify({ version: 1, resources: { virtual_machine: machines } }));
  await call("apply", "--auto-approve");
  const bare = join(folder, "bare.sh");
  const console = join(env.GUESTKIT_DATA_DIR, "machines/one/console.log");
  await call("vm", "up", "one", "--no-wait");
  const { argv, program } = JSON.parse(
    await readFile(join(env.GUESTKIT_DATA_DIR, "machines/one/run.json"), "utf8"),
  ) as {
    readonly program: string;
    readonly argv: readonly string[];
  };
  await call("vm", "kill", "one");
  await writeFile(
    bare,
    `mkdir -p ${shellQuote(socketFolder(argv))}\nexec ${[program, ...argv].map(shellQuote).join(" ")}\n`,
  );
  return {
    env,
    bare,
    console,
    close: async () => {
      for (const name of ["one", ...fleet]) await call("vm", "kill", name).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where QEMU lays its sockets: it does not make the folder itself. */
function socketFolder(argv: readonly string[]): string {
  const path = argv.map((each) => /path=([^,]*\/)qmp\.sock/.exec(each)?.[1]).find(Boolean);
  return path ?? tmpdir();
}

/** Cases over machines; `guestkit` is the command, quoted for a shell. */
export function machineCases({ env, bare, console }: Machines, guestkit: string): Case[] {
  const seen = `until grep -q '${FIRST_LINE}' ${console} 2>/dev/null; do sleep 0.02; done`;
  const kill = `${guestkit} vm kill one >/dev/null 2>&1`;
  return [
    {
      title: "machine: from vm up to the kernel's first line",
      aim: "at most 0.3 s more wall time than bare QEMU with the same arguments (each with a kill after it)",
      ours: {
        name: "guestkit",
        shell: `rm -f ${console}; ${guestkit} vm up one --no-wait >/dev/null 2>&1 & ${seen}; ${kill}; wait`,
        runs: 5,
        env,
      },
      peers: [
        { name: "qemu, bare", shell: `rm -f ${console}; sh ${bare} & ${seen}; kill -9 $!; ${kill}`, runs: 5, env },
      ],
    },
    {
      title: `machine: vm list of ${FLEET} that stand still`,
      aim: "at most 0.5 s wall time",
      ours: { name: "guestkit", shell: `exec ${guestkit} vm list --json`, runs: 10, env },
      peers: [],
    },
  ];
}
