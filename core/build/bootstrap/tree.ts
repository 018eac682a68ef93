import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../host/program/process.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Namespace } from "./namespace.ts";

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** What a tree holds that booting needs. Paths are those inside the tree. */
export interface Kernel {
  readonly version: string;
  readonly image: string;
  readonly initrd: string;
}

/** Packages that are installed in the tree, by name. */
export async function listPackages(tree: string, signal: AbortSignal): Promise<readonly InstalledPackage[]> {
  const format = "$" + "{db:Status-Abbrev}\\t$" + "{Package}\\t$" + "{Version}\\t$" + "{Architecture}\\n";
  const { stdout } = await run("dpkg-query", [`--admindir=${join(tree, "var/lib/dpkg")}`, "-W", "-f", format], {
    signal,
  });
  return stdout.split("\n").flatMap((line) => {
    const [status, name, version, architecture] = line.split("\t");
    if (!status?.startsWith("ii") || !name || !version || !architecture) return [];
    return [{ name, version, architecture }];
  });
}

/** Bytes and inodes that the tree takes. */
export async function measureTree(tree: string, namespace: Namespace, signal: AbortSignal) {
  const count = async (...args: string[]) => {
    const { stdout } = await namespace.run("du", ["-s", ...args, "--", tree], { signal });
    return Number.parseInt(stdout, 10);
  };
  return { bytes: await count("--block-size=1"), inodes: await count("--inodes") };
}

/** The newest kernel of the tree. Throws `E_BOOTSTRAP_KERNEL` where there is none, or none with an initramfs. */
export async function findKernel(tree: string): Promise<Kernel> {
  const names = await readdir(join(tree, "boot")).catch((): string[] => []);
  const versions = names.flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.[1] ?? []);
  const version = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  const initrd = `initrd.img-${version}`;
  if (version !== undefined && names.includes(initrd)) {
    return { version, image: `/boot/vmlinuz-${version}`, initrd: `/boot/${initrd}` };
  }
  const why = version === undefined ? "no kernel was installed" : `kernel ${version} has no initramfs`;
  throw new GuestkitError("E_BOOTSTRAP_KERNEL", `Cannot make the image bootable: ${why}`, {
    help: 'Name a kernel package such as linux-image-cloud-amd64, or set kernel to "none".',
    at: { field: ["bootstrap", "kernel"] },
  });
}

export function readTree(tree: string, path: string): Promise<Uint8Array> {
  return readFile(join(tree, path));
}
