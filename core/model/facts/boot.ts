import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);
const list = (what: string) => z.array(z.string()).describe(what);
const yes = (what: string) => z.boolean().describe(what);

const entry = z.object({
  kind: z
    .enum(["grub", "bls", "unified", "extlinux"])
    .describe("Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it needs."),
  id: optional("By which loaders name it: debian-6.1.conf; null where it has none."),
  title: optional("What the menu shows."),
  version: optional("Version, where the entry says it."),
  file: text("What says it."),
  kernel: optional("As the loader names it, often from its own partition's root on; null where it starts no kernel."),
  initrds: list("Initial RAM disks, likewise."),
  options: text("The kernel's command line, variables put in."),
  is_default: yes("It starts where nobody chooses."),
});

const grub = z.object({
  config: text("The file of its menu."),
  environment: z
    .array(
      z.object({
        name: text("Name."),
        value: text("Value."),
      }),
    )
    .describe("What its environment block (grubenv) holds."),
  default: optional("The default entry as the menu sets it: 0, 1>2, a title or an id."),
});

const systemdBoot = z.object({
  config: text("The file."),
  default: optional("A pattern of the default entry's id."),
  timeout: optional("Seconds of the menu, or menu-force, menu-hidden."),
  editor: yes("The command line may be changed in the menu."),
});

const unified = z.object({
  path: text("The file."),
  title: optional("Of the os-release in it."),
  version: optional("The kernel's: as uname -r says."),
  command_line: optional("The command line in it; null without one."),
  arch: optional("Architecture by libguestfs's names."),
  signed: yes("It bears a signature of Secure Boot; whose is not looked at."),
  sections: z
    .array(
      z.object({
        name: text("Name: .linux, .initrd, .osrel."),
        size: z.int().min(0).describe("Bytes."),
      }),
    )
    .describe("Its sections."),
});

const archive = z.object({
  offset: z.int().min(0).describe("Bytes from the file's start."),
  packing: z
    .enum(["gzip", "zstd", "xz", "lzma", "bzip2", "lz4"])
    .nullable()
    .describe("Null where it is not packed, as microcode is."),
  names: z.int().min(0).describe("Names in it, folders among them."),
  size: z.int().min(0).describe("Bytes, unpacked."),
});

const initramfs = z.object({
  path: text("The file; a unified kernel for the one in it."),
  size: z.int().min(0).describe("Bytes."),
  contents: z
    .object({
      archives: z.array(archive).describe("Its archives, as the kernel unpacks them one after another."),
      kernels: list("Versions of kernels whose modules it has."),
      modules: list("Modules by the names that the kernel gives them: virtio_blk."),
      features: list("What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools."),
      key_files: list("Files in it that may be keys of disks."),
    })
    .nullable()
    .describe("What is in it; null where it was not read, and a warning says why."),
});

export const bootReport = z.object({
  command_line: optional("What the kernel is told where nobody chooses; null where no menu says it."),
  entries: z.array(entry).describe("What the menus offer."),
  grub: grub.nullable().describe("GRUB; null where none of its menus offers anything."),
  systemd_boot: systemdBoot.nullable().describe("Settings of systemd-boot; null without loader.conf."),
  initramfs: z.array(initramfs).describe("Initial RAM disks that entries name or that lie beside kernels."),
  unified: z.array(unified).describe("Unified kernel images of EFI/Linux."),
});
