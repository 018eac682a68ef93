import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Where large things made by tests are kept between runs. */
export function fixtureRoot(): string {
  const { GUESTKIT_CACHE_DIR, XDG_CACHE_HOME } = process.env;
  return join(GUESTKIT_CACHE_DIR ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "guestkit"), "fixtures");
}

/** How often a fixture is made before its proof is believed. */
const ATTEMPTS = 2;

type Step = (dir: string) => Promise<unknown>;

/**
 * The folder of a fixture, built once for each `recipe` (anything that JSON can say, best with the script's text in it)
 * and kept. Built beside its place and renamed, so that a stopped build leaves nothing that looks whole. Test files that
 * run side by side wait for the one that builds.
 *
 * `prove` throws what is wrong with one: a new one is made again and then refused with the reason, and one that was kept
 * is made anew. It is asked at each use, and should cost little.
 */
export async function fixture(name: string, recipe: unknown, build: Step, prove: Step): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
  const target = join(fixtureRoot(), `${name}-${key}`);
  if (await isProved(target, prove)) return target;
  await mkdir(fixtureRoot(), { recursive: true });
  await using _turn = await takeTurn(join(fixtureRoot(), `.${basename(target)}-building`));
  if (await isProved(target, prove)) return target;
  await rm(target, { recursive: true, force: true });
  await make(target, build, prove);
  return target;
}

async function isProved(target: string, prove: Step): Promise<boolean> {
  if (!(await exists(target))) return false;
  return prove(target).then(
    () => true,
    () => false,
  );
}

async function make(target: string, build: Step, prove: Step): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const partial = await mkdtemp(join(fixtureRoot(), `.${basename(target)}-partial-`));
    try {
      await build(partial);
      await prove(partial);
      return await publish(partial, target);
    } catch (cause) {
      if (attempt === ATTEMPTS) throw new Error(`the fixture ${basename(target)} is not what it is to be`, { cause });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
}

/** Waits until no living process holds the lock file, then holds it. */
async function takeTurn(lock: string): Promise<AsyncDisposable> {
  for (;;) {
    const taken = await writeFile(lock, String(process.pid), { flag: "wx" }).then(
      () => true,
      () => false,
    );
    if (taken) return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
    const holder = Number(await readFile(lock, "utf8").catch(() => "0"));
    if (holder > 0 && !isRunning(holder)) await rm(lock, { force: true });
    await setTimeout(200);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function publish(partial: string, target: string): Promise<void> {
  try {
    await rename(partial, target);
  } catch (error) {
    if (!(await exists(target))) throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
