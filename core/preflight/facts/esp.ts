import { Tree } from "../../filesystem/tree.ts";
import { type PortableExecutable, parsePe } from "../../guest/portable-executable.ts";
import type { DeviceNode, Disk } from "../../inspect/index.ts";
import type { Budget } from "../../kit/budget.ts";
import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import type { EspFacts } from "./facts.ts";

/** A unified kernel image, whose parts can be read as long as the disk is open. */
export interface Uki {
  readonly path: string;
  readonly initrd: ByteSource | null;
  readonly cmdline: string | null;
}

export interface Esps {
  readonly facts: readonly EspFacts[];
  readonly ukis: readonly Uki[];
}

const ESP = new Set(["c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"]);
const HEAD = 4096;
/** Programs of an EFI system partition that are looked at. */
const MAX_PROGRAMS = 200;
const MAX_CMDLINE = 16 << 10;

/** EFI system partitions, told by their type; firmware for virtual machines looks into any other FAT as well. */
export async function readEsps({ filesystems, budget }: Pick<Disk, "filesystems" | "budget">): Promise<Esps> {
  const esps = filesystems.filter(({ partition, type }) => type === "vfat" || (partition && ESP.has(partition.type)));
  const found: { facts: EspFacts; ukis: readonly Uki[] }[] = [];
  for (const each of esps) found.push(await lookInto(each, budget));
  return { facts: found.map(({ facts }) => facts), ukis: found.flatMap(({ ukis }) => ukis) };
}

interface Program {
  readonly path: string;
  readonly source: ByteSource;
  readonly pe: PortableExecutable;
}

const FALLBACK = /^\/efi\/boot\/boot[a-z0-9]+\.efi$/i;

async function lookInto(
  { partition, fs }: DeviceNode,
  budget: Budget,
): Promise<{ facts: EspFacts; ukis: readonly Uki[] }> {
  const number = partition?.number ?? 0;
  const nothing = { partition: number, unreadable: true, loaders: [], fallback: null, otherArchs: [] };
  if (!fs) return { facts: nothing, ukis: [] };
  const programs = await readPrograms(await Tree.assemble([{ target: "/", fs }], budget));
  const own = programs.filter(({ pe }) => pe.arch === null || pe.arch === "x86_64");
  const fallback = own.find(({ path }) => /^\/efi\/boot\/bootx64\.efi$/i.test(path));
  const others = programs.filter((each) => !own.includes(each) && FALLBACK.test(each.path));
  const ukis: Uki[] = [];
  for (const each of own) if (each.pe.sections.some(({ name }) => name === ".linux")) ukis.push(await openUki(each));
  return {
    facts: {
      partition: number,
      unreadable: false,
      loaders: own.map(({ path }) => path),
      fallback: fallback ? { path: fallback.path, signed: fallback.pe.signed } : null,
      otherArchs: others.flatMap(({ pe }) => pe.arch ?? []),
    },
    ukis,
  };
}

/** Programs one folder below EFI/, where all of them lie. */
async function readPrograms(tree: Tree): Promise<readonly Program[]> {
  const found: Program[] = [];
  for (const path of (await programPaths(tree)).slice(0, MAX_PROGRAMS)) {
    const source = await tree.open(path);
    const pe = source && parsePe(await source.read(0, Math.min(HEAD, source.size)));
    if (source && pe) found.push({ path, source, pe });
  }
  return found;
}

async function programPaths(tree: Tree): Promise<readonly string[]> {
  const found: string[] = [];
  const top = (await tree.names("/")).find((name) => name.toLowerCase() === "efi");
  for (const vendor of top ? await tree.names(`/${top}`) : []) {
    for (const name of await tree.names(`/${top}/${vendor}`)) {
      if (name.toLowerCase().endsWith(".efi")) found.push(`/${top}/${vendor}/${name}`);
    }
  }
  return found;
}

async function openUki({ path, source, pe }: Program): Promise<Uki> {
  const part = (wanted: string) => {
    const found = pe.sections.find(({ name }) => name === wanted);
    const fits = found !== undefined && found.offset + found.size <= source.size;
    return fits ? windowSource(source, found.offset, found.size, `${path}${wanted}`) : null;
  };
  const line = part(".cmdline");
  const text = line && new TextDecoder().decode(await line.read(0, Math.min(line.size, MAX_CMDLINE)));
  return { path, initrd: part(".initrd"), cmdline: text === null ? null : text.replace(/\0.*$/s, "").trim() };
}
