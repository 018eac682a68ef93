import type { Tree } from "../filesystem/tree.ts";

/** A command line that a boot loader hands to a kernel. */
export interface CommandLine {
  /** The file that says it. */
  readonly file: string;
  readonly text: string;
}

const GRUB = ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/grub/grub.cfg", "/grub2/grub.cfg"];
const ENTRIES = ["/boot/loader/entries", "/efi/loader/entries", "/boot/efi/loader/entries", "/loader/entries"];
const EXTLINUX = ["/boot/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg"];
/** Menus hold every kernel twice; more lines than that say nothing new. */
const MAX_LINES = 64;
/** More than a kernel takes (COMMAND_LINE_SIZE is 2048 on x86): longer ones are no command lines. */
const MAX_LINE = 4096;

/** Command lines of GRUB's menu, of the Boot Loader Specification's entries and of extlinux; rescue entries are left out. */
export async function readCommandLines(tree: Tree): Promise<readonly CommandLine[]> {
  const found: CommandLine[] = [];
  const collect = async (file: string, pattern: RegExp) => {
    for (const line of parse(file, await tree.readText(file), pattern)) found.push(line);
  };
  for (const file of GRUB) await collect(file, /^[ \t]*linux(?:efi|16)?[ \t]+\S+[ \t]*(.*)$/gm);
  for (const folder of ENTRIES) {
    const names = (await tree.names(folder)).filter((name) => name.endsWith(".conf") && !/rescue/.test(name));
    for (const name of names.slice(-MAX_LINES).reverse()) await collect(`${folder}/${name}`, /^options[ \t]+(.*)$/gm);
  }
  for (const file of EXTLINUX) await collect(file, /^[ \t]*append[ \t]+(.*)$/gim);
  return withoutRescue(found).slice(0, MAX_LINES);
}

function parse(file: string, text: string | null, pattern: RegExp): readonly CommandLine[] {
  const lines = [...(text ?? "").matchAll(pattern)].map(([, line]) => ({ file, text: (line ?? "").trim() }));
  return lines.filter((line) => line.text.length <= MAX_LINE);
}

/** An entry for repairs stands beside each ordinary one. */
function withoutRescue(lines: readonly CommandLine[]): readonly CommandLine[] {
  const ordinary = lines.filter(
    ({ text }) => !/(?:^|\s)(?:single|recovery|systemd\.unit=rescue\.target)(?:\s|$)/.test(text),
  );
  return ordinary.length > 0 ? ordinary : lines;
}

/** The value of a parameter on a command line, the last one where it stands there twice; null where it does not. */
export function parameter(line: string, name: string): string | null {
  return parameters(line, name).at(-1) ?? null;
}

/** Every value of a parameter: `console=` may be given more than once. */
export function parameters(line: string, name: string): readonly string[] {
  const words = line.split(/\s+/).filter((word) => word.startsWith(`${name}=`));
  return words.map((word) => word.slice(name.length + 1).replace(/^"(.*)"$/, "$1"));
}
