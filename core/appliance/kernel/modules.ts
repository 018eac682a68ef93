import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestTree } from "../tree.ts";
import { type KernelModule, moduleName, openModule } from "./module.ts";

/** A kernel that is at hand: unpacked from a package, or the host's own. */
export interface Kernel {
  /** `uname -r`. */
  readonly release: string;
  /** A bzImage or ELF file. */
  readonly image: string;
  /** Its folder of modules, `.../lib/modules/RELEASE`. */
  readonly modules: string;
}

/** Where its modules lie, by name, and which it has built in. */
export interface ModuleIndex {
  readonly paths: ReadonlyMap<string, string>;
  readonly builtin: ReadonlySet<string>;
}

/** Looks at the names alone. */
export async function indexModules({ modules }: Kernel): Promise<ModuleIndex> {
  const entries = await readdir(join(modules, "kernel"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.ko(\.\w+)?$/.test(entry.name));
  const builtin = await readFile(join(modules, "modules.builtin"), "utf8").catch(() => "");
  return {
    paths: new Map(files.map((entry) => [moduleName(entry.name), join(entry.parentPath, entry.name)])),
    builtin: new Set(builtin.split("\n").filter(Boolean).map(moduleName)),
  };
}

/** Those of `names` that it neither has as modules nor built in. */
export function lackingModules({ paths, builtin }: ModuleIndex, names: readonly string[]): readonly string[] {
  return names.filter((name) => !paths.has(moduleName(name)) && !builtin.has(moduleName(name)));
}

/**
 * Puts modules and what they depend on into the tree, with the lists that modprobe goes by (modules.dep(5)). What is
 * built in, or not there, is left out. Throws what `openModule` throws.
 */
export async function addModules(
  tree: GuestTree,
  { release }: Kernel,
  { paths }: ModuleIndex,
  names: readonly string[],
): Promise<void> {
  const chosen = new Map<string, KernelModule>();
  // Grows while it is walked.
  const wanted = new Set(names.map(moduleName));
  for (const name of wanted) {
    const path = paths.get(name);
    if (path === undefined) continue;
    const opened = await openModule(path, await readFile(path));
    chosen.set(name, opened);
    for (const each of opened.depends) wanted.add(each);
  }
  const folder = `usr/lib/modules/${release}`;
  for (const [name, { bytes }] of chosen) tree.file(`${folder}/${name}.ko`, async () => bytes);
  tree.text(`${folder}/modules.dep`, lines([...chosen.keys()].map((name) => dependencyLine(chosen, name))));
  tree.text(`${folder}/modules.alias`, lines([...chosen].flatMap(([name, { aliases }]) => aliasLines(name, aliases))));
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

/** What it needs, what is loaded first last: modprobe goes from the right to the left. */
function dependencyLine(modules: ReadonlyMap<string, KernelModule>, name: string): string {
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (each: string) => {
    const found = seen.has(each) ? undefined : modules.get(each);
    if (!found) return;
    seen.add(each);
    found.depends.forEach(visit);
    order.push(`${each}.ko`);
  };
  visit(name);
  const [own, ...needed] = order.reverse();
  return `${own}: ${needed.join(" ")}`.trimEnd();
}

const aliasLines = (name: string, aliases: readonly string[]): readonly string[] =>
  aliases.map((alias) => `alias ${alias} ${name}`);
