import type { ByteSource } from "../../../source/source.ts";
import { windowSource } from "../../../source/window.ts";
import { parseAssignments } from "../../assignments.ts";
import { type PeSection, parsePe } from "../../portable-executable.ts";
import { counted, MAX_OPTIONS } from "./bls.ts";
import type { SortedEntry } from "./entry.ts";
import type { BootPlace } from "./places.ts";

/** A kernel with all that it needs as one program of EFI (UAPI.5, unified kernel image). */
export interface UnifiedKernel {
  readonly path: string;
  /** Of the os-release in it. */
  readonly title: string | null;
  /** As uname -r says. */
  readonly version: string | null;
  readonly command_line: string | null;
  readonly arch: string | null;
  /** It bears a signature of Secure Boot; whose is not looked at. */
  readonly signed: boolean;
  readonly sections: readonly { readonly name: string; readonly size: number }[];
}

export interface FoundUnified extends UnifiedKernel {
  readonly entry: SortedEntry;
  /** The RAM disk in it; null where there is none. */
  readonly initrd: ByteSource | null;
}

/** Headers lie within. */
const HEAD = 64 << 10;
const MAX_TEXT = 64 << 10;

/** Where boot loaders look for them, and where firmware starts one that stands for a boot loader. */
const PLACES = [
  { folder: "EFI/Linux", names: /\.efi$/i },
  { folder: "EFI/BOOT", names: /^BOOT\w+\.efi$/i },
];

/** Those of a system partition; what is no such program is passed over. */
export async function readUnified({ tree, folder }: BootPlace): Promise<readonly FoundUnified[]> {
  const found: FoundUnified[] = [];
  for (const place of PLACES) {
    for (const name of await tree.names(`${folder}/${place.folder}`)) {
      const path = `${folder}/${place.folder}/${name}`;
      const source = place.names.test(name) ? await tree.open(path) : null;
      if (!source) continue;
      tree.budget.spend("entries", 1, path);
      const kernel = await unifiedOf(path, source);
      if (kernel) found.push(kernel);
    }
  }
  return found;
}

async function unifiedOf(path: string, source: ByteSource): Promise<FoundUnified | null> {
  const program = parsePe(await source.read(0, Math.min(HEAD, source.size)));
  if (!program?.sections.some(({ name }) => name === ".linux")) return null;
  const section = (name: string) => program.sections.find((each) => each.name === name);
  const release = parseAssignments((await textOf(source, section(".osrel"))) ?? "");
  const options = (await textOf(source, section(".cmdline")))?.trim() ?? null;
  const version = (await textOf(source, section(".uname")))?.trim() || null;
  const title = release.get("PRETTY_NAME") ?? null;
  const { id, tries } = counted(path);
  const initrd = section(".initrd");
  return {
    ...{ path, title, version, command_line: options, arch: program.arch, signed: program.signed },
    sections: program.sections.map(({ name, size }) => ({ name, size })),
    entry: {
      ...{ kind: "unified", id, title, version, file: path, kernel: path, initrds: [], tries },
      options: (options ?? "").slice(0, MAX_OPTIONS),
      sortKey: release.get("IMAGE_ID") ?? release.get("ID") ?? null,
      machineId: null,
    },
    initrd:
      initrd && initrd.offset + initrd.size <= source.size ? windowSource(source, initrd.offset, initrd.size) : null,
  };
}

/** A section's text up to the first zero; null where it is missing, cut off or larger than such texts are. */
async function textOf(source: ByteSource, section: PeSection | undefined): Promise<string | null> {
  if (!section || section.size > MAX_TEXT || section.offset + section.size > source.size) return null;
  const bytes = await source.read(section.offset, section.size);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
