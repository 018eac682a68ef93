import type { Disk } from "../../inspect/index.ts";
import type { ByteSource } from "../../source/source.ts";
import type { BiosFacts } from "./facts.ts";

const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
/** Boot code ends where the disk's signature and the table begin. */
const CODE_END = 440;
/** GRUB's boot.img (grub-core/boot/i386/pc/boot.S): where the sector number of its second part stands. */
const GRUB_KERNEL_SECTOR = 0x5c;
const SECTOR = 512;

/** What a BIOS finds: code in the first sector, and behind it what that code loads. */
export async function biosFacts({ bootCode, image, table }: Disk): Promise<BiosFacts> {
  const signed = bootCode[510] === 0x55 && bootCode[511] === 0xaa;
  const code = signed && bootCode.subarray(0, CODE_END).some((byte) => byte !== 0);
  const text = String.fromCharCode(...bootCode.subarray(0, CODE_END));
  const loader = code ? (["GRUB", "LILO", "SYSLINUX"].find((name) => text.includes(name)) ?? null) : null;
  const grub = loader === "GRUB";
  const partition = table?.volumes.find(({ type }) => type === BIOS_BOOT);
  if (partition && grub && (await isZero(partition.source, 0))) {
    return { code, loader, emptyCore: `BIOS boot partition ${partition.number} is empty` };
  }
  const sector = grub ? new DataView(bootCode.buffer, bootCode.byteOffset).getUint32(GRUB_KERNEL_SECTOR, true) : 0;
  if (sector === 0 || (sector + 1) * SECTOR > image.size || !(await isZero(image, sector * SECTOR))) {
    return { code, loader, emptyCore: null };
  }
  return { code, loader, emptyCore: `GRUB's second part at sector ${sector} is empty` };
}

async function isZero(source: ByteSource, offset: number): Promise<boolean> {
  const bytes = await source.read(offset, Math.min(SECTOR, source.size - offset));
  return bytes.every((byte) => byte === 0);
}
