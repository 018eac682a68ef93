import type { Tree } from "../filesystem/tree.ts";

/** A kernel and what belongs to it; paths in the guest, null where it is not there. */
export interface Kernel {
  /** `6.1.0-27-cloud-amd64`. */
  readonly version: string;
  readonly image: string | null;
  readonly initrd: string | null;
  readonly modules: string | null;
}

const IMAGE = /^(?:vmlinuz|vmlinux|Image|kernel)-(.+)$/;

/** Kernels in /boot and module trees in /lib/modules, by version in text order. */
export async function readKernels(tree: Tree): Promise<readonly Kernel[]> {
  const boot = new Set(await tree.names("/boot"));
  const trees = new Set(await tree.names("/lib/modules"));
  const images = new Map([...boot].flatMap((name) => versionOf(name).map((version) => [version, `/boot/${name}`])));
  const versions = [...new Set([...images.keys(), ...trees])].filter((version) => !version.startsWith("0-rescue-"));
  const found: Kernel[] = [];
  for (const version of versions.sort()) {
    found.push({
      version,
      image: images.get(version) ?? (await present(tree, `/lib/modules/${version}/vmlinuz`)),
      initrd: initrdOf(boot, version),
      modules: trees.has(version) ? `/lib/modules/${version}` : null,
    });
  }
  return found;
}

function versionOf(name: string): string[] {
  const version = IMAGE.exec(name)?.[1];
  return version ? [version] : [];
}

function initrdOf(boot: ReadonlySet<string>, version: string): string | null {
  const names = [`initrd.img-${version}`, `initramfs-${version}.img`, `initrd-${version}`, `initramfs-${version}`];
  const name = names.find((each) => boot.has(each));
  return name ? `/boot/${name}` : null;
}

async function present(tree: Tree, path: string): Promise<string | null> {
  return (await tree.resolve(path)) ? path : null;
}
