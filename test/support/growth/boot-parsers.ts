import { ReportReader } from "../../../core/appliance/report.ts";
import type { Tree } from "../../../core/filesystem/tree.ts";
import { CpioArchives } from "../../../core/guest/cpio.ts";
import { parseExtlinux } from "../../../core/guest/facts/boot/extlinux.ts";
import { parseGrubMenu } from "../../../core/guest/facts/boot/grub-menu.ts";
import { parseGrubenv } from "../../../core/guest/facts/boot/grubenv.ts";
import { boot } from "../../../core/guest/facts/boot/index.ts";
import { knownSystem } from "../known-system.ts";
import { memoryTree } from "../memory-filesystem.ts";
import { encode, fromEach, ofFile, ofNames, ofTexts, type Parser, pieced, pieces } from "./shape.ts";

const bootOf = async (tree: Tree) => await boot.read(await knownSystem(tree));
const menuOf = (text: string) => parseGrubMenu("/g", text, new Map());

/** A program with one empty section of this name. */
function program(): Uint8Array {
  const bytes = Buffer.alloc(1024);
  bytes.write("MZ");
  bytes.writeUInt32LE(64, 0x3c);
  bytes.write("PE\0\0", 64);
  bytes.writeUInt16LE(1, 70);
  bytes.write(".linux", 88);
  return bytes;
}

function entryOf(name: string): string {
  const fields = Array.from({ length: 13 }, (_, at) => (at === 11 ? name.length : 0).toString(16).padStart(8, "0"));
  const text = `070701${fields.join("")}${name}`;
  return text.padEnd(Math.ceil(text.length / 4) * 4, "\0");
}

export const BOOT: readonly Parser[] = [
  ofTexts("a menu of GRUB's in blocks", "menuentry 'a' --id b {\nlinux /v c\n}\n", menuOf),
  ofTexts("submenus", "submenu a {\n", menuOf),
  ofTexts("variables of GRUB's", 'set a="$a$a${a}"\n', menuOf),
  ofTexts(
    "words with variables of GRUB's",
    'linux $a"$a"${a}$a\n',
    menuOf,
    `set a=${"x".repeat(4000)}\nmenuentry a {\n`,
  ),
  ofTexts("GRUB's environment block", "a=b\\\\c\n", parseGrubenv, "# GRUB Environment Block\n"),
  ofTexts("extlinux's labels", "LABEL a\nKERNEL b\nAPPEND c initrd=d\n", (text) => parseExtlinux("/e", text)),
  ofFile("an entry of a boot loader", "/boot/loader/entries/a.conf", "options $a b\n", bootOf, {
    "/boot/grub/grub.cfg": "blscfg\n",
  }),
  ofFile("systemd-boot's settings", "/boot/loader/loader.conf", "default a*\n", bootOf, {
    "/boot/loader/entries/a.conf": "",
  }),
  ofNames(
    "entries of boot loaders",
    (at) => `/boot/loader/entries/a-${at}.conf`,
    bootOf,
    () => "linux /v\n",
  ),
  {
    name: "initial RAM disks one after another",
    make: (size) =>
      pieced(size, entryOf("TRAILER!!!\0"), (bytes, length) => {
        const archives = new CpioArchives();
        pieces(bytes, (piece) => archives.push(piece), length);
      }),
  },
  {
    name: "the report of an appliance's job",
    make: (size) =>
      pieced(size, entryOf("files/small\0"), (bytes, length) => {
        const report = new ReportReader();
        pieces(bytes, (piece) => report.push(piece), length);
      }),
  },
  {
    name: "what an initial RAM disk holds",
    make: async (size) => {
      const names = fromEach(size, (at) => entryOf(`lib/modules/${at}/a${at}.ko\0`));
      const bytes = encode([...names, entryOf("TRAILER!!!\0")].join(""));
      const tree = await memoryTree({ "/boot/vmlinuz-1": "", "/boot/initrd.img-1": bytes });
      return () => bootOf(tree);
    },
  },
  ofNames(
    "initial RAM disks",
    (at) => `/boot/initrd.img-${at}`,
    bootOf,
    () => "07070",
    Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`/boot/vmlinuz-${at}`, ""])),
  ),
  ofNames("unified kernels", (at) => `/efi/EFI/Linux/a${at}.efi`, bootOf, program),
];
