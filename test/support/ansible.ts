import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { GUESTKIT_PROGRAM } from "./cli.ts";
import { nodeFolder, repository } from "./engines.ts";

export interface TaskResult {
  readonly changed: boolean;
  readonly failed?: boolean;
  readonly msg?: string;
  readonly [key: string]: unknown;
}

export type ModuleArgs = Readonly<Record<string, unknown>>;

/** Modules go to the host by standard input, as many have it configured: a sixth faster, and no file of theirs is there. */
export const PIPELINING = { ANSIBLE_PIPELINING: "True" };

/** `keywords` are the task's own: `{ check_mode: true }`. */
export type Task = readonly [module: string, args: ModuleArgs, keywords?: Readonly<Record<string, unknown>>];

export interface PlaybookRun {
  readonly code: number;
  readonly text: string;
  /** The last task's result on the one host. */
  readonly result: TaskResult;
}

/** A control node with nothing but the collection: its own HOME, configuration and collections folder. */
export class ControlNode {
  readonly home: string;
  readonly #playbook: string;
  readonly #further: Readonly<Record<string, string>>;

  /** `further` environment is for all that it runs. */
  constructor(home: string, playbook: string, further: Readonly<Record<string, string>> = {}) {
    this.home = home;
    this.#playbook = playbook;
    this.#further = further;
  }

  /** Where the results of a play go, of whoever runs it with `env`: removed before, they are its own. */
  get kept(): string {
    return join(this.home, "results.json");
  }

  /** Lays the collection under `home` as ansible-galaxy would. */
  async install(): Promise<void> {
    const folder = join(this.home, "collections/ansible_collections/guestkit/guestkit");
    await mkdir(dirname(folder), { recursive: true });
    await cp(join(repository, "ansible/collection"), folder, { recursive: true });
  }

  get env(): Record<string, string> {
    return {
      HOME: this.home,
      PYENV_ROOT: process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"),
      PATH: `${dirname(this.#playbook)}:${nodeFolder}:${process.env.PATH}`,
      ANSIBLE_COLLECTIONS_PATH: join(this.home, "collections"),
      ANSIBLE_STDOUT_CALLBACK: "ansible.builtin.default",
      ANSIBLE_LOCALHOST_WARNING: "False",
      ANSIBLE_INVENTORY_UNPARSED_WARNING: "False",
      NO_COLOR: "1",
      ANSIBLE_CALLBACK_PLUGINS: join(import.meta.dirname, "ansible-callbacks"),
      ANSIBLE_CALLBACKS_ENABLED: "keep_results",
      KEEP_RESULTS: this.kept,
      GUESTKIT_COMMAND: GUESTKIT_PROGRAM,
      ...this.#further,
    };
  }

  /** Runs a playbook's text with further arguments (`--check`, `--diff`). */
  async play(text: string, args: readonly string[] = []): Promise<{ code: number; text: string }> {
    const file = join(this.home, "playbook.yml");
    await writeFile(file, text);
    await rm(this.kept, { force: true });
    const run = await execa(this.#playbook, [file, ...args], {
      env: this.env,
      reject: false,
      all: true,
      stdin: "ignore",
    });
    return { code: run.exitCode ?? 1, text: run.all ?? "" };
  }

  /** What each task of the last play gave, by its name; nothing of a play that did not begin. */
  async results(): Promise<Readonly<Record<string, TaskResult>>> {
    return JSON.parse(await readFile(this.kept, "utf8").catch(() => "{}")) as Record<string, TaskResult>;
  }

  /** One task of a module. */
  async task(module: string, args: ModuleArgs, flags: readonly string[] = []): Promise<PlaybookRun> {
    const { results, ...run } = await this.tasks([[module, args]], flags);
    const [result] = results;
    if (!result) throw new Error(run.text);
    return { ...run, result };
  }

  /** Tasks one after the other, whether they fail or not. */
  async tasks(
    list: readonly Task[],
    flags: readonly string[] = [],
  ): Promise<{ readonly code: number; readonly text: string; readonly results: readonly TaskResult[] }> {
    const tasks = list.map(([module, args, keywords], at) => ({
      ...keywords,
      name: `Task ${at}`,
      [`guestkit.guestkit.${module}`]: args,
      ignore_errors: true,
    }));
    const play = [{ hosts: "localhost", connection: "local", gather_facts: false, tasks }];
    const { code, text } = await this.play(stringify(play, { aliasDuplicateObjects: false }), flags);
    const kept = await this.results();
    return { code, text, results: tasks.flatMap(({ name }) => kept[name] ?? []) };
  }
}
