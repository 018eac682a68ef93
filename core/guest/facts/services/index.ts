import type { Tree } from "../../../filesystem/tree.ts";
import type { FactKind } from "../fact.ts";
import { readRunit } from "./runit.ts";
import { readOpenrc, readSysv } from "./scripts.ts";
import type { Service } from "./service.ts";
import { readSystemd } from "./systemd.ts";

export type { Service } from "./service.ts";

export const services: FactKind<readonly Service[]> = { read: ({ tree }) => readServices(tree) };

/** What starts with the system, and what could: systemd's units, scripts of OpenRC or System V, services of runit. */
export async function readServices(tree: Tree): Promise<readonly Service[]> {
  const units = await readSystemd(tree);
  const isSystemd = (await tree.resolve("/usr/lib/systemd/systemd")) || (await tree.resolve("/lib/systemd/systemd"));
  const names = new Set(isSystemd ? units.map(({ name }) => name) : []);
  const scripts = (await readOpenrc(tree)) ?? (await readSysv(tree, names));
  return [...units, ...scripts, ...(await readRunit(tree))];
}
