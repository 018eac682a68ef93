import { GuestkitError } from "../../kit/errors.ts";
import { type KernelPacking, unpackWhole } from "./packed.ts";

/** "HdrS" at 0x202: a bzImage with a setup header (Documentation/arch/x86/boot.rst). */
const [SETUP_MAGIC, SETUP_MAGIC_AT] = [0x5372_6448, 0x202];
const [SETUP_SECTORS, PAYLOAD_OFFSET, PAYLOAD_LENGTH] = [0x1f1, 0x248, 0x24c];
const LEAST = 0x260;

const MAGICS: readonly (readonly [packing: KernelPacking, magic: readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lzma", [0x5d, 0x00, 0x00]],
  ["lz4", [0x02, 0x21, 0x4c, 0x18]],
];

/**
 * The ELF file in a bzImage. QEMU enters that one by its PVH note, which saves the guest some seconds of decompressing.
 * Throws `E_KERNEL_IMAGE`, `E_UNPACK`, `E_TOOL_MISSING`.
 */
export async function kernelOf(image: Uint8Array): Promise<Uint8Array> {
  if (isElf(image)) return image;
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  if (image.length < LEAST || view.getUint32(SETUP_MAGIC_AT, true) !== SETUP_MAGIC) throw fault("it is no bzImage");
  // Zero stands for four, as kernels had before the field was.
  const start = ((view.getUint8(SETUP_SECTORS) || 4) + 1) * 512 + view.getUint32(PAYLOAD_OFFSET, true);
  // The last four bytes are the unpacked size.
  const end = start + view.getUint32(PAYLOAD_LENGTH, true) - 4;
  if (end <= start || end > image.length) throw fault("its payload ends past the file");
  const payload = image.subarray(start, end);
  const packing = MAGICS.find(([, magic]) => magic.every((byte, at) => payload[at] === byte))?.[0];
  if (packing === undefined) throw fault("the packing of its payload is not known");
  const kernel = await unpackWhole(packing, payload);
  if (!isElf(kernel)) throw fault("its payload is no ELF file");
  return kernel;
}

const isElf = (bytes: Uint8Array): boolean => [0x7f, 0x45, 0x4c, 0x46].every((byte, at) => bytes[at] === byte);

const fault = (what: string): GuestkitError =>
  new GuestkitError("E_KERNEL_IMAGE", `Cannot unpack the kernel: ${what}`, {
    help: "See what it is: file /boot/vmlinuz-*.",
  });
