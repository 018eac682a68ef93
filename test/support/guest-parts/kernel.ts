import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../tool.ts";

/**
 * Copies modules and what they depend on from a kernel package's tree to `root/usr/lib/modules`, without their
 * signatures, which take long to check where the processor is emulated, and writes the indices that modprobe reads.
 */
export async function copyModules(
  kernel: string,
  release: string,
  names: readonly string[],
  root: string,
): Promise<void> {
  const from = join(kernel, "lib/modules", release);
  const to = join(root, "usr/lib/modules", release);
  for (const path of await withDependencies(kernel, release, names)) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await run("objcopy", ["--strip-debug", "--remove-section=.BTF", join(from, path), join(to, path)]);
  }
  for (const list of ["modules.builtin", "modules.builtin.modinfo", "modules.order"]) {
    await copyFile(join(from, list), join(to, list));
  }
  await run("depmod", ["-b", join(root, "usr"), release]);
}

/** Paths below the release's folder, as modules.dep tells them: `path: needed needed`. */
async function withDependencies(kernel: string, release: string, names: readonly string[]): Promise<Set<string>> {
  const index = join(kernel, "lib/modules", release, "modules.dep");
  await run("depmod", ["-b", kernel, release]);
  const needs = new Map<string, readonly string[]>();
  const pathOf = new Map<string, string>();
  for (const line of (await readFile(index, "utf8")).trim().split("\n")) {
    const [path = "", needed = ""] = line.split(/: ?/);
    needs.set(path, needed.split(" ").filter(Boolean));
    pathOf.set(moduleName(path), path);
  }
  const paths = names.map((name) => pathOf.get(moduleName(name)));
  const missing = names.filter((_, at) => paths[at] === undefined);
  if (missing.length > 0) throw new Error(`the kernel ${release} has no module ${missing.join(", ")}`);
  return new Set(paths.flatMap((path = "") => [path, ...(needs.get(path) ?? [])]));
}

function moduleName(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.ko$/, "").replaceAll("-", "_");
}

/**
 * Unpacks a bzImage to the ELF file in it (Documentation/arch/x86/boot.rst: `payload_offset` and `payload_length` of
 * the setup header, counted from the protected-mode code). QEMU enters that one by its PVH note, which saves the guest
 * some seconds of decompressing.
 */
export async function unpackKernel(bzImage: string, target: string): Promise<void> {
  const bytes = await readFile(bzImage);
  const setupSectors = bytes.readUInt8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + bytes.readUInt32LE(0x248);
  // The last four bytes are the unpacked size.
  const payload = bytes.subarray(start, start + bytes.readUInt32LE(0x24c) - 4);
  await writeFile(`${target}.xz`, payload);
  await run("xz", ["--decompress", "--single-stream", `${target}.xz`]);
}
