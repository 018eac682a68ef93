import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { repository } from "../support/engines.ts";

/** The command line as users run it: one bundle, so that a run is cheap and its calls are few. */
const GUESTKIT = [join(repository, "node_modules/.bin/node"), join(repository, "cli/dist/guestkit.mjs")];
/** How long what a killed run left behind has to come to its end (ms). */
const PATIENCE = 15_000;

/** A project's own input; the reports that a CI job keeps of each run; the message of a lock that the kernel has dropped;
 * the logs of a machine's start before; an empty folder, which is no machine; what a host forgets when it starts anew, and the next change or start sweeps. */
const IGNORED =
  /^(lost\+found|source|home\/data\/ci\/[^/]+\/report\/(logs|runs))\b|\.guestkit-lock$|\.log\.1$|^home\/run\b|^home\/data\/machines\/[^/]+$/;

export interface Said {
  /** -1 where a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What the command line is started by: strace and its arguments. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder in which one writer works: a project's, and in `home` those that guestkit keeps for itself. */
export class Bed {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  async empty(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) await rm(this.at(name), { recursive: true, force: true });
  }

  async run(args: readonly string[], { under = [], env = {} }: RunOptions = {}): Promise<Said> {
    const [program = "", ...rest] = [...under, ...GUESTKIT, ...args];
    const child = spawn(program, rest, { cwd: this.folder, env: { ...process.env, ...this.#env(), ...env } });
    child.stdin.end();
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      // Not "close": what outlives a killed run may hold its outputs.
      child.once("exit", (code) => setImmediate(() => resolve(code ?? -1)));
    });
    return { exitCode, ...said };
  }

  /** The same; throws unless it exits with 0. */
  async must(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, options);
    if (exitCode === 0) return stdout;
    throw new Error(`guestkit ${args.join(" ")} exited with ${exitCode}: ${stderr}${stdout}`);
  }

  /** Writes guestkit.yaml: its resources, and further sections. */
  async declare(resources: object, sections: object = {}): Promise<void> {
    await writeFile(this.at("guestkit.yaml"), stringify({ version: 1, ...sections, resources }));
  }

  async apply(resources: object): Promise<void> {
    await this.declare(resources);
    await this.must(["apply", "--auto-approve"]);
  }

  /** What lies in it but a project's own input, without what differs from run to run: process numbers, random names. */
  async listing(): Promise<readonly string[]> {
    const names = await readdir(this.folder, { recursive: true });
    return (
      names
        // A CI job keeps a report of each run.
        .filter((name) => !IGNORED.test(name))
        .map((name) => name.replace(/\b\d+-[0-9a-z]+/g, "N").replace(/[0-9a-f]{12,}/g, "H"))
        .toSorted()
    );
  }

  /** Waits until no process of it runs any more but machines, where `machinesToo` is not set; gives the command lines of those that will not end. */
  async quiet(machinesToo = true): Promise<readonly string[]> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const found = (await this.#processes()).filter((line) => machinesToo || !line.includes("qemu-system"));
      if (found.length === 0 || performance.now() > deadline) return found;
      await sleep(20);
    }
  }

  /** Mounts, loop devices that lead into it. */
  async attachments(): Promise<readonly string[]> {
    const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
    const loops = await Promise.all(
      (await readdir("/sys/block")).map((name) =>
        readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => ""),
      ),
    );
    return [...mounts, ...loops].filter((each) => each.includes(`${this.folder}/`));
  }

  /** What a host forgets when it starts anew. */
  async forget(): Promise<void> {
    await rm(this.at("home/run"), { recursive: true, force: true });
  }

  #env(): Record<string, string> {
    return {
      GUESTKIT_CRASH_BED: this.folder,
      GUESTKIT_DATA_DIR: this.at("home/data"),
      GUESTKIT_CACHE_DIR: this.at("home/cache"),
      GUESTKIT_RUNTIME_DIR: this.at("home/run"),
      XDG_CONFIG_HOME: this.at("home/config"),
      // What it names in units is there, and no machine's answer is waited for.
      PATH: `${join(repository, "scripts")}:${process.env.PATH}`,
      GUESTKIT_ACCEL: "tcg",
      // What Node keeps of compiled code is no writer of ours.
      NODE_DISABLE_COMPILE_CACHE: "1",
      // Its calls are told apart by thread: one thread makes those on files.
      UV_THREADPOOL_SIZE: "1",
      ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", TZ: "UTC" },
    };
  }

  async #processes(): Promise<readonly string[]> {
    const mark = `GUESTKIT_CRASH_BED=${this.folder}`;
    const found: string[] = [];
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      if (!environment.split("\0").includes(mark)) continue;
      found.push((await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => pid)).replaceAll("\0", " "));
    }
    return found;
  }
}
