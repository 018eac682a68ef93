import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

export const repository = join(import.meta.dirname, "../..");

/** What `scripts/provider-install` runs once it has made the bundle. */
export const PROVIDER_INSTALLER = join(repository, "provider/dist/install.mjs");

interface Engine {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

let listed: readonly Engine[] | undefined;

function engines(): readonly Engine[] {
  listed ??= execFileSync("sh", [join(repository, "scripts/engines"), "--list"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("\t"))
    .map((line) => {
      const [name = "", version = "", path = ""] = line.split("\t");
      return { name, version, path };
    });
  return listed;
}

/** A real engine's program, on PATH or built by `npm run engines`; null, and a line that says so, where there is none. */
export const findEngine = (name: string): string | null => find(name, "npm run engines");

/** The same of what `npm run engines:all` builds besides, which few tests need. */
export const findFurtherEngine = (name: string): string | null => find(name, "npm run engines:all");

function find(name: string, script: string): string | null {
  const found = engines().find((each) => each.name === name);
  if (!found) console.warn(`left out: ${name} is not installed (${script} provides it)`);
  return found?.path ?? null;
}

/** Terraform 1.16 or newer: the one on PATH where that is new enough. */
export function findNextTerraform(): string | null {
  const onPath = engines().find(({ name, version }) => name === "terraform" && isAtLeast(version, [1, 16]));
  return onPath?.path ?? findFurtherEngine("terraform-1.16");
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split(".").map(Number);
  return first > major || (first === major && second >= minor);
}

/** The folder of Node 24, for programs that look for `node` on PATH. */
export const nodeFolder = dirname(process.execPath);
