import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What processes show to others while tests run: a look at all of them every 20 ms. */
const PAUSE = 20;
/**
 * Programs whose environment is to hold nothing of the caller's: they live on, or speak to guests. The tools that
 * guestkit runs for a moment (qemu-img, QEMU asked for its machine types) have the environment that it has itself.
 */
const CLEAN = /(?:^|\/)(?:qemu-system-\S+|swtpm|passt(?:\.avx2)?|virtiofsd|ssh|scp|sftp|sftp-server)$/;

/** Looks for secrets among the arguments of every process, and in the environment of QEMU, its helpers and OpenSSH. */
export class SecretWatch implements AsyncDisposable {
  readonly #marks: readonly string[];
  readonly #found = new Set<string>();
  readonly #programs = new Set<string>();
  readonly #running: Promise<void>;
  #ended = false;

  constructor(marks: readonly string[]) {
    this.#marks = marks;
    this.#running = this.#watch();
  }

  /** `ssh: KEY in its environment` */
  get found(): readonly string[] {
    return [...this.#found];
  }

  /** Programs whose environment was read, by their file names: that something was looked at. */
  get programs(): readonly string[] {
    return [...this.#programs].toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#running;
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
      await Promise.all(names.map((pid) => this.#look(pid)));
      await sleep(PAUSE);
    }
  }

  async #look(pid: string): Promise<void> {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
    const command = await read("cmdline");
    const program = command.split("\0", 1)[0] ?? "";
    this.#note(program, "arguments", command);
    const isAsked = program.includes("qemu-system") && !command.includes("/qmp.sock");
    if (!CLEAN.test(program) || isAsked) return;
    this.#programs.add(program.replace(/^.*\//, ""));
    const environment = await read("environ");
    // Between fork and exec it is still that of the caller, and so are the arguments: those read again tell.
    if ((await read("cmdline")) === command) this.#note(program, "environment", environment);
  }

  #note(program: string, place: string, text: string): void {
    for (const mark of this.#marks) if (text.includes(mark)) this.#found.add(`${program}: ${mark} in its ${place}`);
  }
}

/** Files below the folders that hold one of the marks: `PATH: MARK`. */
export async function filesWith(marks: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, "latin1").catch(() => "");
      for (const mark of marks) if (text.includes(mark)) found.push(`${path}: ${mark}`);
    }
  }
  return found;
}

/** Folders and sockets of which others have any rights: `MODE PATH`. Files in folders that nobody enters are safe. */
export async function openToOthers(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const stat = await lstat(path).catch(() => null);
    if (!stat?.isDirectory() && !stat?.isSocket()) continue;
    if (stat.mode & 0o077) found.push(`${(stat.mode & 0o777).toString(8)} ${path}`);
  }
  return found;
}
