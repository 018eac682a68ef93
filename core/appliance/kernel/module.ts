import { readElfSections } from "../../guest/elf.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { memorySource } from "../../source/memory.ts";
import { type KernelPacking, unpackWhole } from "./packed.ts";

/** A loadable module, plain and unsigned, with what its `.modinfo` says (include/linux/module.h). */
export interface KernelModule {
  readonly bytes: Uint8Array;
  /** Names of modules that are loaded before it. */
  readonly depends: readonly string[];
  /** Patterns by which the kernel asks for it: `fs-xfs`. */
  readonly aliases: readonly string[];
}

const PACKINGS: Readonly<Record<string, KernelPacking>> = { xz: "xz", zst: "zstd", gz: "gzip" };

/** `/x/dm-mod.ko.xz` -> `dm_mod`: the kernel takes both marks for one. */
export const moduleName = (path: string): string =>
  path
    .replace(/^.*\//, "")
    .replace(/\.ko(\.\w+)?$/, "")
    .replaceAll("-", "_");

/** Throws `E_KERNEL_MODULE` of what is no module, `E_UNPACK`, `E_TOOL_MISSING`. */
export async function openModule(path: string, content: Uint8Array): Promise<KernelModule> {
  const packing = PACKINGS[/\.ko\.(\w+)$/.exec(path)?.[1] ?? ""];
  const bytes = unsigned(packing ? await unpackWhole(packing, content) : content);
  const info = (await readElfSections(memorySource(bytes), [".modinfo"]))?.get(".modinfo");
  if (!info) throw fault(path, "it has no .modinfo");
  const fields = new TextDecoder("latin1").decode(info).split("\0");
  const valuesOf = (key: string) =>
    fields.filter((field) => field.startsWith(`${key}=`)).map((field) => field.slice(key.length + 1));
  return {
    bytes,
    depends: valuesOf("depends").flatMap((value) => value.split(",").filter(Boolean).map(moduleName)),
    aliases: valuesOf("alias"),
  };
}

const SIGNED = new TextEncoder().encode("~Module signature appended~\n");
/** `struct module_signature`: the length of the signature stands in its last four bytes, greatest first. */
const TRAILER = 12;

/** Without the signature behind it (kernel/module/signing.c), which takes long to check where the processor is emulated. */
function unsigned(module: Uint8Array): Uint8Array {
  const mark = module.length - SIGNED.length;
  if (mark < TRAILER || !SIGNED.every((byte, at) => module[mark + at] === byte)) return module;
  const length = new DataView(module.buffer, module.byteOffset).getUint32(mark - 4, false);
  const end = mark - TRAILER - length;
  return end > 0 ? module.subarray(0, end) : module;
}

const fault = (path: string, what: string): GuestkitError =>
  new GuestkitError("E_KERNEL_MODULE", `Cannot read the kernel's module "${path}": ${what}`, {
    at: { file: path },
    help: "Install the kernel's package anew.",
  });
