import { Tree } from "../../filesystem/tree.ts";
import { parsePe } from "../../guest/portable-executable.ts";
import type { Disk, DiskFileSystem } from "../../inspect/index.ts";
import type { ByteSource } from "../../source/source.ts";
import type { BiosFacts, EspFacts } from "./facts.ts";

const ESP = new Set(["c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"]);
const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
/** Boot code ends where the disk's signature and the table begin. */
const CODE_END = 440;
/** GRUB's boot.img (grub-core/boot/i386/pc/boot.S): where the sector number of its second part stands. */
const GRUB_KERNEL_SECTOR = 0x5c;
const SECTOR = 512;
const HEAD = 4096;
/** Programs of an EFI system partition that are looked at. */
const MAX_PROGRAMS = 200;

/** What a BIOS finds: code in the first sector, and behind it what that code loads. */
export async function biosFacts({ bootCode, image, table }: Disk): Promise<BiosFacts> {
  const signed = bootCode[510] === 0x55 && bootCode[511] === 0xaa;
  const code = signed && bootCode.subarray(0, CODE_END).some((byte) => byte !== 0);
  const text = String.fromCharCode(...bootCode.subarray(0, CODE_END));
  const loader = code ? (["GRUB", "LILO", "SYSLINUX"].find((name) => text.includes(name)) ?? null) : null;
  const grub = loader === "GRUB";
  const partition = table?.volumes.find(({ type }) => type === BIOS_BOOT);
  if (partition && grub && (await isZero(partition.source, 0))) {
    return { code, loader, emptyCore: `BIOS boot partition ${partition.number} is empty` };
  }
  const sector = grub ? new DataView(bootCode.buffer, bootCode.byteOffset).getUint32(GRUB_KERNEL_SECTOR, true) : 0;
  if (sector === 0 || (sector + 1) * SECTOR > image.size || !(await isZero(image, sector * SECTOR))) {
    return { code, loader, emptyCore: null };
  }
  return { code, loader, emptyCore: `GRUB's second part at sector ${sector} is empty` };
}

async function isZero(source: ByteSource, offset: number): Promise<boolean> {
  const bytes = await source.read(offset, Math.min(SECTOR, source.size - offset));
  return bytes.every((byte) => byte === 0);
}

/** EFI system partitions, told by their type; firmware for virtual machines looks into any other FAT as well. */
export async function espFacts(disk: Disk): Promise<readonly EspFacts[]> {
  const found: EspFacts[] = [];
  for (const each of espsOf(disk)) found.push(await lookInto(each));
  return found;
}

export function espsOf({ filesystems }: Pick<Disk, "filesystems">): readonly DiskFileSystem[] {
  return filesystems.filter(
    ({ partition, type }) => type === "vfat" || (partition !== null && ESP.has(partition.type)),
  );
}

async function lookInto({ partition, fs }: DiskFileSystem): Promise<EspFacts> {
  const number = partition?.number ?? 0;
  const nothing = { partition: number, loaders: [], fallback: null, otherArchs: [] };
  if (!fs) return { ...nothing, unreadable: true };
  const tree = await Tree.assemble([{ target: "/", fs }]);
  const loaders: string[] = [];
  const otherArchs: string[] = [];
  let fallback: EspFacts["fallback"] = null;
  for (const path of (await programs(tree)).slice(0, MAX_PROGRAMS)) {
    const head = await headOf(tree, path);
    const program = head && parsePe(head);
    const isFallback = /^\/efi\/boot\/boot[a-z0-9]+\.efi$/i.test(path);
    if (program?.arch && program.arch !== "x86_64") {
      if (isFallback) otherArchs.push(program.arch);
      continue;
    }
    if (!program) continue;
    loaders.push(path);
    if (/^\/efi\/boot\/bootx64\.efi$/i.test(path)) fallback = { path, signed: program.signed };
  }
  return { ...nothing, unreadable: false, loaders, fallback, otherArchs };
}

/** Programs one folder below EFI/, where all of them lie. */
async function programs(tree: Tree): Promise<readonly string[]> {
  const found: string[] = [];
  const top = (await tree.names("/")).find((name) => name.toLowerCase() === "efi");
  for (const vendor of top ? await tree.names(`/${top}`) : []) {
    for (const name of await tree.names(`/${top}/${vendor}`)) {
      if (name.toLowerCase().endsWith(".efi")) found.push(`/${top}/${vendor}/${name}`);
    }
  }
  return found;
}

async function headOf(tree: Tree, path: string): Promise<Uint8Array | null> {
  const source = await tree.open(path);
  return source === null ? null : source.read(0, Math.min(HEAD, source.size));
}
