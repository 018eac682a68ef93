import type { Tree } from "../../../core/filesystem/tree.ts";
import { parseExtlinux } from "../../../core/guest/facts/boot/extlinux.ts";
import { parseGrubMenu } from "../../../core/guest/facts/boot/grub-menu.ts";
import { parseGrubenv } from "../../../core/guest/facts/boot/grubenv.ts";
import { boot } from "../../../core/guest/facts/boot/index.ts";
import { knownSystem } from "../known-system.ts";
import { ofFile, ofNames, ofTexts, type Parser } from "./shape.ts";

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
  ofNames("unified kernels", (at) => `/efi/EFI/Linux/a${at}.efi`, bootOf, program),
];
