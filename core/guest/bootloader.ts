import type { FileSystem } from "../filesystem/filesystem.ts";
import { Tree } from "../filesystem/tree.ts";

/** What starts the system. */
export interface Loader {
  readonly name: "grub" | "systemd-boot" | "shim" | "uki" | "fallback" | "extlinux" | "lilo";
  readonly firmware: "bios" | "efi";
  /** In the EFI system partition, or in the guest; null for boot code in the disk's first sector. */
  readonly path: string | null;
}

export interface Bootloader {
  readonly loaders: readonly Loader[];
  /** The menu's file in the guest: `/boot/grub/grub.cfg`. */
  readonly config: string | null;
}

const CONFIGS = [
  "/boot/grub/grub.cfg",
  "/boot/grub2/grub.cfg",
  "/boot/loader/loader.conf",
  "/boot/efi/loader/loader.conf",
  "/efi/loader/loader.conf",
  "/boot/extlinux/extlinux.conf",
  "/boot/syslinux/syslinux.cfg",
  "/etc/lilo.conf",
];

/** Names of programs below EFI/, in lower case. */
const PROGRAMS: readonly (readonly [RegExp, Loader["name"]])[] = [
  [/^grub[a-z0-9]*\.efi$/, "grub"],
  [/^shim[a-z0-9]*\.efi$/, "shim"],
  [/^systemd-boot[a-z0-9]+\.efi$/, "systemd-boot"],
];

/**
 * `partitions` are the EFI system partitions, mounted or not; `bootCode` is the disk's first sector, empty for content
 * without one.
 */
export async function readBootloader(
  tree: Tree,
  partitions: readonly FileSystem[],
  bootCode: Uint8Array,
): Promise<Bootloader> {
  const loaders = [...biosLoaders(bootCode)];
  for (const fs of partitions) {
    for (const each of await efiLoaders(await Tree.assemble([{ target: "/", fs }], tree.budget))) loaders.push(each);
  }
  return { loaders, config: await firstPresent(tree, CONFIGS) };
}

/** GRUB and LILO name themselves in the boot code, 440 bytes before the disk's signature. */
function biosLoaders(bootCode: Uint8Array): readonly Loader[] {
  const text = String.fromCharCode(...bootCode.subarray(0, 440));
  const names = { GRUB: "grub", LILO: "lilo", SYSLINUX: "extlinux" } as const;
  const found = Object.entries(names).find(([magic]) => text.includes(magic));
  return found ? [{ name: found[1], firmware: "bios", path: null }] : [];
}

async function efiLoaders(esp: Tree): Promise<readonly Loader[]> {
  const found: Loader[] = [];
  for (const vendor of await esp.names("/EFI")) {
    for (const file of await esp.names(`/EFI/${vendor}`)) {
      const name = loaderName(vendor.toLowerCase(), file.toLowerCase());
      if (name) found.push({ name, firmware: "efi", path: `/EFI/${vendor}/${file}` });
    }
  }
  return found;
}

/** EFI/Linux holds unified kernel images, EFI/BOOT what firmware starts by itself (UEFI 2.10, 3.5.1.1). */
function loaderName(vendor: string, file: string): Loader["name"] | null {
  if (!file.endsWith(".efi")) return null;
  if (vendor === "linux") return "uki";
  if (vendor === "boot" && /^boot[a-z0-9]+\.efi$/.test(file)) return "fallback";
  return PROGRAMS.find(([pattern]) => pattern.test(file))?.[1] ?? null;
}

async function firstPresent(tree: Tree, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await tree.resolve(path)) return path;
  return null;
}
