import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** Where large things made by tests are kept between runs. */
export function fixtureRoot(): string {
  const { GUESTKIT_CACHE_DIR, XDG_CACHE_HOME } = process.env;
  return join(GUESTKIT_CACHE_DIR ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "guestkit"), "fixtures");
}

/**
 * The folder of a fixture, built once for each `recipe` (anything that JSON can say, best with the script's text in it)
 * and kept. Built beside its place and renamed, so that a stopped build leaves nothing that looks whole and two
 * processes may build the same one.
 */
export async function fixture(name: string, recipe: unknown, build: (dir: string) => Promise<void>): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
  const target = join(fixtureRoot(), `${name}-${key}`);
  if (await exists(target)) return target;
  await mkdir(fixtureRoot(), { recursive: true });
  const partial = await mkdtemp(join(fixtureRoot(), `.${basename(target)}-partial-`));
  try {
    await build(partial);
    await publish(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
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
