import type { ByteSource } from "../source/source.ts";

/** Marks of formats that are not read yet: taken for raw, they would be answered with nonsense. */
const MARKS: readonly { readonly name: string; readonly offset: number; readonly magic: string }[] = [
  { name: "vmdk", offset: 0, magic: "KDMV" },
  { name: "vmdk", offset: 0, magic: "COWD" },
  { name: "vmdk", offset: 0, magic: "# Disk DescriptorFile" },
  { name: "vhd", offset: 0, magic: "conectix" },
  { name: "vhdx", offset: 0, magic: "vhdxfile" },
  { name: "vdi", offset: 64, magic: "\x7f\x10\xda\xbe" },
  { name: "qed", offset: 0, magic: "QED\0" },
  { name: "parallels", offset: 0, magic: "WithoutFreeSpace" },
  { name: "parallels", offset: 0, magic: "WithouFreSpacExt" },
];
const HEAD = 68;

/** The name of a format that is known and not read; null for all others. */
export async function foreignFormat(source: ByteSource): Promise<string | null> {
  const head = await source.read(0, Math.min(HEAD, source.size));
  const text = String.fromCharCode(...head);
  return MARKS.find(({ offset, magic }) => text.startsWith(magic, offset))?.name ?? null;
}
