import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import { partialBeside, sweepPartialsIn } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { packCpio } from "./cpio.ts";
import { addGuest, GUEST_TEXT } from "./guest.ts";
import { demandModules, hostKernel, kernelPackages } from "./kernel/choose.ts";
import { kernelOf } from "./kernel/image.ts";
import { addModules, indexModules, type Kernel } from "./kernel/modules.ts";
import { unpackPackages } from "./packages.ts";
import { addData, addPrograms } from "./programs.ts";
import { NEEDED_MODULES, type Recipe } from "./recipe.ts";
import { GuestTree } from "./tree.ts";

/** A kernel (an ELF file) and an initramfs that QEMU boots. */
export interface Built {
  readonly kernel: string;
  readonly initrd: string;
}

/** What a change of this code's own makes of the same recipe: another name for what is built. */
const VERSION = 1;
/** Another command may be building the same one, from packages that it downloads. */
const PATIENCE_MS = 30 * 60_000;

/**
 * The appliance of a recipe, built at the first call and kept in the cache folder by what it is made of. Throws
 * `E_APPLIANCE_PACKAGES`, `E_APPLIANCE_PARTS`, `E_APPLIANCE_KERNEL`, `E_TOOL_MISSING`.
 */
export async function buildAppliance(recipe: Recipe, context: Context): Promise<Built> {
  const host = await hostKernel(recipe.modules);
  const folder = join(context.settings.cacheDir, "appliance", await nameOf(recipe, host));
  const built = { kernel: join(folder, "vmlinux"), initrd: join(folder, "initrd.cpio") };
  if (await isThere(folder)) return built;
  await makeOwnFolder(join(context.settings.cacheDir, "appliance"));
  await using _lock = await takeLock(folder, context, { patience: PATIENCE_MS, name: "the appliance" });
  if (await isThere(folder)) return built;
  await sweepPartialsIn(join(context.settings.cacheDir, "appliance"));
  await using partial = partialBeside(folder, "appliance");
  await mkdir(partial.path, { mode: 0o700 });
  await make(recipe, host, partial.path, context);
  await rename(partial.path, folder);
  return built;
}

/** It comes by a rename: what is there is whole. */
const isThere = (folder: string) =>
  readdir(folder).then(
    () => true,
    () => false,
  );

async function nameOf(recipe: Recipe, host: Kernel | null): Promise<string> {
  const distribution = await readFile("/etc/os-release", "utf8").catch(() => "");
  const parts = [VERSION, recipe, GUEST_TEXT, distribution, host?.release ?? null];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Makes `vmlinux` and `initrd.cpio` in an empty folder. */
async function make(recipe: Recipe, host: Kernel | null, target: string, context: Context): Promise<void> {
  const work = join(target, "work");
  await mkdir(work);
  const kernelNames = host ? [] : (await kernelPackages()).slice(0, 1);
  const root = await unpackPackages([...recipe.packages, ...kernelNames], work, context);
  const kernel = host ?? (await kernelIn(root));
  const index = await indexModules(kernel);
  demandModules(kernel, index, NEEDED_MODULES);
  context.progress({ phase: "packing the appliance" });
  const tree = new GuestTree();
  addGuest(tree);
  await addPrograms(tree, root, ["busybox", ...recipe.programs], recipe.libraries);
  for (const path of recipe.data) await addData(tree, root, path);
  await addModules(tree, kernel, index, recipe.modules);
  await pipeline(Readable.from(packCpio(tree)), createWriteStream(join(target, "initrd.cpio")));
  await writeFile(join(target, "vmlinux"), await kernelOf(await readFile(kernel.image)));
  await rm(work, { recursive: true });
}

/** The kernel of an unpacked package. */
async function kernelIn(root: string): Promise<Kernel> {
  const folder = join(root, "lib/modules");
  const [release = ""] = await readdir(folder);
  return { release, image: join(root, "boot", `vmlinuz-${release}`), modules: join(folder, release) };
}
