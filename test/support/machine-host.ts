import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ValueObject } from "../../core/model/value.ts";
import { type CliOptions, type CliResult, guestkit } from "./cli.ts";
import { scratch } from "./scratch.ts";

/** What is there of machines: counted before and after, it shows whatever leaked. */
export interface Remains {
  /** Command lines of processes that name this host's folders. */
  readonly processes: readonly string[];
  /** Files and folders below data and runtime folder, relative. */
  readonly files: readonly string[];
}

/**
 * A hypervisor host of a test's own: folders for data, sockets and projects, and the command line that uses them.
 * Disposing it ends, by pid, every process that names one of its folders, and removes them.
 */
export class MachineHost implements AsyncDisposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string) {
    this.folder = folder;
    this.env = {
      GUESTKIT_DATA_DIR: join(folder, "data"),
      GUESTKIT_RUNTIME_DIR: join(folder, "run"),
      XDG_CONFIG_HOME: join(folder, "config"),
    };
  }

  static async open(): Promise<MachineHost> {
    return new MachineHost(await scratch("machines"));
  }

  /** A host in a folder that somebody else has made. */
  static at(folder: string): MachineHost {
    return new MachineHost(folder);
  }

  /** Runs the command line from its sources; never throws for an exit code. */
  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return guestkit(args, { cwd: this.folder, ...options, env: { ...this.env, ...options.env } });
  }

  /** The same, its answer as text; throws with stderr and the console's end unless it exits with `code`. */
  async text(args: readonly string[], code = 0): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode === code) return stdout.toString();
    throw new Error(`guestkit ${args.join(" ")} exited with ${exitCode}: ${stderr}\n${await this.consoles()}`);
  }

  async json<T>(args: readonly string[], code = 0): Promise<T> {
    return JSON.parse(await this.text([...args, "--json"], code)) as T;
  }

  /** Writes guestkit.yaml with these machines (and other resources), by name. */
  async declare(machines: Readonly<Record<string, ValueObject>>, others: ValueObject = {}): Promise<void> {
    const virtual_machine = Object.fromEntries(
      Object.entries(machines).map(([name, each]) => [name, { name, ...each }]),
    );
    const resources = { ...others, ...(Object.keys(machines).length > 0 && { virtual_machine }) };
    await writeFile(join(this.folder, "guestkit.yaml"), stringify({ version: 1, resources }));
  }

  /** `declare` and `apply`; gives what was said. Throws unless it exits with `code`. */
  async apply(machines: Readonly<Record<string, ValueObject>>, code = 0, others: ValueObject = {}): Promise<string> {
    await this.declare(machines, others);
    const { exitCode, stdout, stderr } = await this.run(["apply", "--auto-approve"]);
    const said = stdout.toString() + stderr;
    if (exitCode === code) return said;
    throw new Error(`apply exited with ${exitCode}: ${said}\n${await this.consoles()}`);
  }

  /** What a plan of the declaration that stands would do: `{address: action}`, empty for no change. */
  async plan(): Promise<Readonly<Record<string, string>>> {
    const { changes } = await this.json<{ changes: { address: string; action: string }[] }>(["plan"]);
    return Object.fromEntries(
      changes.filter(({ action }) => action !== "none").map(({ address, action }) => [address, action]),
    );
  }

  async remains(): Promise<Remains> {
    const pids = await this.pids();
    const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")));
    const files = await Promise.all(
      ["data", "run", "config"].map((each) => readdir(join(this.folder, each), { recursive: true }).catch(() => [])),
    );
    return {
      processes: commands.map((each) => each.replaceAll("\0", " ").slice(0, 120)),
      files: files.flat().toSorted(),
    };
  }

  /** Processes whose command line names one of the folders. */
  async pids(): Promise<readonly number[]> {
    const found: number[] = [];
    for (const name of await readdir("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      const command = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
      if (command.includes(`${this.folder}/`)) found.push(Number(name));
    }
    return found;
  }

  /** The end of every machine's console, for a failure's report. */
  async consoles(): Promise<string> {
    const machines = await readdir(join(this.folder, "data/machines")).catch(() => []);
    const ends = machines.map(async (name) => {
      const text = await readFile(join(this.folder, "data/machines", name, "console.log"), "utf8").catch(() => "");
      return text === "" ? "" : `--- console of ${name}\n${text.slice(-1500)}`;
    });
    return (await Promise.all(ends)).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of await this.pids()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
