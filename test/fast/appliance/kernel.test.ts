import { execFileSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { kernelOf } from "../../../core/appliance/kernel/image.ts";
import { moduleName, openModule } from "../../../core/appliance/kernel/module.ts";
import type { GuestkitError } from "../../../core/kit/errors.ts";
import { fc } from "../../support/property.ts";

/** Begins as an ELF file does. */
const KERNEL = Buffer.concat([Buffer.from("\x7fELF", "latin1"), Buffer.alloc(100_000, "kernel")]);
const packedBy = (program: string, ...args: string[]) => execFileSync(program, args, { input: KERNEL });

/** A bzImage with a payload, as the kernel's build lays it out (Documentation/arch/x86/boot.rst). */
function bzImage(payload: Uint8Array, setupSectors = 3): Buffer {
  const start = (setupSectors + 1) * 512;
  const image = Buffer.alloc(start + 64 + payload.length + 4);
  image.writeUInt8(setupSectors, 0x1f1);
  image.write("HdrS", 0x202, "latin1");
  image.writeUInt32LE(64, 0x248);
  image.writeUInt32LE(payload.length + 4, 0x24c);
  image.set(payload, start + 64);
  return image;
}

describe("a kernel's image", () => {
  it.each([
    ["gzip", () => gzipSync(KERNEL)],
    ["zstd", () => zstdCompressSync(KERNEL)],
    ["xz", () => packedBy("xz", "--check=crc32")],
    ["lzma", () => packedBy("xz", "--format=lzma")],
    ["bzip2", () => packedBy("bzip2")],
  ])("gives the ELF file that %s packed in it", async (_, pack) => {
    expect(KERNEL.equals(await kernelOf(bzImage(pack())))).toBe(true);
  });

  it("is the ELF file itself where it is one", async () => {
    expect(await kernelOf(KERNEL)).toBe(KERNEL);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "it is no bzImage"],
    ["no kernel", Buffer.alloc(4096), "it is no bzImage"],
    ["an unknown packing", bzImage(Buffer.from("unknown")), "the packing of its payload is not known"],
    ["something else in it", bzImage(gzipSync("something else")), "its payload is no ELF file"],
  ])("is refused where it holds %s", async (_, image, why) => {
    await expect(kernelOf(image)).rejects.toThrow(`Cannot unpack the kernel: ${why}`);
  });

  it("is refused wherever its header is damaged, or its end cut off", async () => {
    const image = bzImage(gzipSync(KERNEL));
    await fc.assert(
      // The unpacked size at its end is not looked at.
      fc.asyncProperty(fc.nat(image.length - 5), async (end) => {
        const refused = await kernelOf(image.subarray(0, end)).then(
          () => "taken",
          (error: GuestkitError) => error.code,
        );
        expect(["E_KERNEL_IMAGE", "E_UNPACK"]).toContain(refused);
      }),
      { numRuns: 40 },
    );
    for (const at of [0x248, 0x24c]) {
      const damaged = Buffer.from(image);
      damaged.writeUInt32LE(0xffff_fff0, at);
      await expect(kernelOf(damaged)).rejects.toThrow("its payload ends past the file");
    }
  });
});

describe("a kernel's module", () => {
  it.each([
    ["/lib/modules/6.1.0/kernel/dm/dm-mod.ko", "dm_mod"],
    ["dm-crypt.ko.xz", "dm_crypt"],
    ["ext4.ko.zst", "ext4"],
  ])("%s is called %s", (path, name) => {
    expect(moduleName(path)).toBe(name);
  });

  it("is refused where it is none", async () => {
    await expect(openModule("x.ko", new Uint8Array(0))).rejects.toThrow(
      `Cannot read the kernel's module "x.ko": it has no .modinfo`,
    );
    await expect(openModule("x.ko.zst", new Uint8Array(20))).rejects.toMatchObject({ code: "E_UNPACK" });
  });
});
