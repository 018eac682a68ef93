import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);

export const storageReport = z.object({
  fstab: z
    .array(
      z.object({
        device: text("As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it."),
        target: text("Where it goes; none for swap."),
        type: text("File system, or swap."),
        options: z.array(z.string()).describe("Options; (secret) for passwords in them."),
        mounted: z.boolean().describe("What it names is in this image, and was mounted for this report."),
      }),
    )
    .describe("Lines of fstab, whatever is here of what they name."),
  crypttab: z
    .array(
      z.object({
        name: text("Its name below /dev/mapper."),
        device: text("What is opened: UUID=..., /dev/sda3."),
        key_file: optional(
          "Path of its key, never the key; null where a passphrase is asked for, or a program gives it.",
        ),
        key_in_image: z.boolean().describe("The key lies in the image."),
        options: z.array(z.string()).describe("Options."),
      }),
    )
    .describe("Lines of crypttab: what is opened when the system starts."),
  swap: z
    .array(
      z.object({
        device: text("As its file names it: UUID=..., /swapfile, /dev/zram0."),
        kind: z.enum(["partition", "file", "zram"]).describe("partition, file or zram (compressed memory)."),
        configured_in: optional("What names it: /etc/fstab, a unit; null for swap space that nothing names."),
        found: optional("The device of this image that it is; null for none."),
        size: z.int().min(0).nullable().describe("Bytes, as the swap space says; null where it is not in the image."),
        size_rule: optional("How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise."),
        priority: z.int().nullable().describe("Its priority; null where none is said."),
      }),
    )
    .describe("Swap by fstab and units, in compressed memory, and on devices that nothing names."),
  arrays: z
    .array(
      z.object({
        device: text("What the array is to be called: /dev/md0."),
        uuid: text("Its id: 32 hexadecimal digits."),
      }),
    )
    .describe("Arrays that mdadm.conf names."),
});
