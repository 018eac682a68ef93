import type { Tree } from "../../../filesystem/tree.ts";
import { parseAssignments } from "../../assignments.ts";
import { parseIni } from "../../network/ini.ts";

/** A compressed swap in memory. */
export interface Zram {
  /** `/dev/zram0`. */
  readonly device: string;
  /** The file that asks for it. */
  readonly file: string;
  /** As it is written there: `min(ram / 2, 4096)`, `50%`; null where it is left to the program. */
  readonly size: string | null;
  readonly priority: number | null;
}

/** Of zram-generator, the first of its files goes before the others, and drop-ins before all of them. */
const GENERATOR = ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"].map(
  (folder) => `${folder}/zram-generator.conf`,
);
/** Of Debian's zram-tools. */
const ZRAM_TOOLS = "/etc/default/zramswap";

export async function readZram(tree: Tree): Promise<readonly Zram[]> {
  return [...(await ofGenerator(tree)), ...(await ofZramTools(tree))];
}

/** One for each section that is named after a device, but those on which a file system is made (zram-generator.conf(5)). */
async function ofGenerator(tree: Tree): Promise<readonly Zram[]> {
  const devices = new Map<string, { file: string; settings: Map<string, string> }>();
  for (const file of await generatorFiles(tree)) {
    const text = (await tree.readText(file)) ?? "";
    // A section may be empty: the defaults make a device then.
    for (const [, section = ""] of text.matchAll(/^[ \t]*\[(zram\d{1,9})\][ \t]*$/gm)) {
      if (!devices.has(section)) devices.set(section, { file, settings: new Map() });
    }
    for (const [section, key, value] of parseIni(text)) devices.get(section)?.settings.set(key, value);
  }
  return [...devices].flatMap(([name, { file, settings }]) => {
    if (settings.get("mount-point") || (settings.get("fs-type") ?? "swap") !== "swap") return [];
    const size = settings.get("zram-size") ?? null;
    return [{ device: `/dev/${name}`, file, size, priority: numberOf(settings.get("swap-priority")) }];
  });
}

async function generatorFiles(tree: Tree): Promise<readonly string[]> {
  const parts = new Map<string, string>();
  for (const base of GENERATOR) {
    for (const name of await tree.names(`${base}.d`)) {
      if (name.endsWith(".conf") && !parts.has(name)) parts.set(name, `${base}.d/${name}`);
    }
  }
  const dropIns = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  for (const base of GENERATOR) if (await tree.resolve(base, { follow: false })) return [base, ...dropIns];
  return dropIns;
}

async function ofZramTools(tree: Tree): Promise<readonly Zram[]> {
  const text = await tree.readText(ZRAM_TOOLS);
  if (text === null) return [];
  const set = parseAssignments(text);
  const [percent, megabytes] = [set.get("PERCENT"), set.get("SIZE")];
  const size = percent ? `${percent}%` : megabytes ? `${megabytes}M` : null;
  return [{ device: "/dev/zram0", file: ZRAM_TOOLS, size, priority: numberOf(set.get("PRIORITY")) }];
}

/** Null where it is no whole number of this size. */
export function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}
