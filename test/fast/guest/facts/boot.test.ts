import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { boot } from "../../../../core/guest/facts/boot/index.ts";
import { initramfs } from "../../../support/bootable-image.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, MemoryFileSystem, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

async function read(
  files: Readonly<Record<string, Content>>,
  partitions: readonly Readonly<Record<string, Content>>[] = [],
) {
  const systems = partitions.map((each) => new MemoryFileSystem(each));
  return await boot.read(await knownSystem(await memoryTree({ "/boot/": "", ...files }), [], systems));
}

const shown = ({ entries }: Awaited<ReturnType<typeof read>>) =>
  entries.map(({ kind, id, title, is_default }) => `${kind} ${id} ${title}${is_default ? " *" : ""}`);

const grubenv = (text: string) => `# GRUB Environment Block\n${text}`.padEnd(1024, "#");

/** As grub-mkconfig writes it. */
const DEBIAN = `set default="0"
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="\${saved_entry}"
fi
if [ x"\${feature_menuentry_id}" = xy ]; then
  menuentry_id_option="--id"
else
  menuentry_id_option=""
fi
function savedefault {
  if [ -z "\${boot_once}" ]; then saved_entry="\${chosen}"; save_env saved_entry; fi
}
### BEGIN /etc/grub.d/10_linux ###
menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'gnulinux-simple-r' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	search --no-floppy --fs-uuid --set=root r
	echo	'Loading Linux 6.1.0-27-amd64 ...'
	linux	/vmlinuz-6.1.0-27-amd64 root=UUID=r ro  "a b=c" quiet # no option
	initrd	/microcode.img /initrd.img-6.1.0-27-amd64
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-r' {
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-27-amd64' $menuentry_id_option 'gnulinux-27-advanced-r' {
		linux	/vmlinuz-6.1.0-27-amd64 root=UUID=r ro
	}
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-26-amd64' $menuentry_id_option 'gnulinux-26-advanced-r' {
		linux	/vmlinuz-6.1.0-26-amd64 root=UUID=r ro elder
	}
}
if [ "$grub_platform" = "efi" ]; then
	menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
		fwsetup
	}
fi
`;

describe("GRUB's menu", () => {
  it("has entries and those of submenus, each with its kernel and what that is told", async () => {
    const found = await read({ "/boot/grub/grub.cfg": DEBIAN });
    expect(shown(found)).toEqual([
      "grub gnulinux-simple-r Debian GNU/Linux *",
      "grub gnulinux-27-advanced-r Debian GNU/Linux, with Linux 6.1.0-27-amd64",
      "grub gnulinux-26-advanced-r Debian GNU/Linux, with Linux 6.1.0-26-amd64",
      "grub uefi-firmware UEFI Firmware Settings",
    ]);
    expect(found.entries[0]).toMatchObject({
      kernel: "/vmlinuz-6.1.0-27-amd64",
      initrds: ["/microcode.img", "/initrd.img-6.1.0-27-amd64"],
      options: 'root=UUID=r ro "a b=c" quiet',
    });
    expect(found.command_line).toBe(found.entries[0]?.options);
    expect(found.entries[3]?.kernel).toBeNull();
  });

  it.each([
    ["saved_entry=gnulinux-advanced-r>gnulinux-26-advanced-r\n", "root=UUID=r ro elder"],
    ["saved_entry=1>1\n", "root=UUID=r ro elder"],
    ["saved_entry=Advanced options for Debian GNU/Linux\n", "root=UUID=r ro"],
    ["saved_entry=gone\n", 'root=UUID=r ro "a b=c" quiet'],
    ["saved_entry=0\nnext_entry=1>1\n", "root=UUID=r ro elder"],
  ])("starts what %j says", async (variables, expected) => {
    const found = await read({ "/boot/grub/grub.cfg": DEBIAN, "/boot/grub/grubenv": grubenv(variables) });
    expect(found.command_line).toBe(expected);
  });

  it("takes up entries of the Boot Loader Specification where it says so, with variables of its block", async () => {
    const found = await read({
      "/boot/grub2/grub.cfg": 'set default="${saved_entry}"\ninsmod blscfg\nblscfg\n',
      "/boot/grub2/grubenv": grubenv("saved_entry=m-5.14.0-70\nkernelopts=root=/dev/sda1 ro\\\\x \nboot_success=0\n"),
      "/boot/loader/entries/m-0-rescue.conf": "title Rescue\nversion 0-rescue\nlinux /vmlinuz-0\noptions $kernelopts\n",
      "/boot/loader/entries/m-5.14.0-70.conf":
        "title EL (5.14.0-70)\nversion 5.14.0-70\nlinux /vmlinuz-5.14.0-70\ninitrd /i.img $tuned_initrd\noptions $kernelopts $tuned_params\n",
      "/boot/loader/entries/m-5.14.0-162.conf": "title EL (5.14.0-162)\nversion 5.14.0-162\nlinux /vmlinuz\n",
    });
    expect(shown(found)).toEqual([
      "bls m-5.14.0-162.conf EL (5.14.0-162)",
      "bls m-5.14.0-70.conf EL (5.14.0-70) *",
      "bls m-0-rescue.conf Rescue",
    ]);
    expect(found.command_line).toBe("root=/dev/sda1 ro\\x");
    expect(found.grub?.environment).toContainEqual({ name: "boot_success", value: "0" });
  });
});

/** A program of EFI with sections of these texts. */
function program(sections: Readonly<Record<string, string>>): Uint8Array {
  const bytes = new Uint8Array(0x1000 + Object.keys(sections).length * 0x200);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x5a]);
  view.setUint32(0x3c, 64, true);
  bytes.set([0x50, 0x45, 0, 0, 0x64, 0x86], 64);
  view.setUint16(70, Object.keys(sections).length, true);
  for (const [index, [name, text]] of Object.entries(sections).entries()) {
    const [at, offset] = [88 + index * 40, 0x1000 + index * 0x200];
    bytes.set(new TextEncoder().encode(name), at);
    for (const [where, value] of [
      [8, text.length],
      [16, 0x200],
      [20, offset],
    ] as const)
      view.setUint32(at + where, value, true);
    bytes.set(new TextEncoder().encode(text), offset);
  }
  return bytes;
}

describe("systemd-boot", () => {
  const entries = {
    "/loader/entries/arch.conf":
      "title Arch\nlinux /vmlinuz-linux\ninitrd /ucode.img\ninitrd /i.img\noptions a\noptions b\n",
    "/loader/entries/failed+0-3.conf": "title Failed\nsort-key a\nlinux /v\n",
    "/loader/entries/old.conf": "title Old\nsort-key b\nversion 1.9\nlinux /v\noptions old\n",
    "/loader/entries/new+3.conf": "title New\nsort-key b\nversion 1.10\nlinux /v\noptions new\n",
    "/EFI/Linux/image.efi": program({
      ".osrel": 'PRETTY_NAME="Image 1"\nID=image\n',
      ".uname": "6.9.1",
      ".cmdline": "root=/dev/gpt-auto-root quiet\n",
      ".linux": "kernel",
    }),
    "/EFI/Linux/other.efi": program({ ".text": "x" }),
  };

  it("finds its entries in partitions that nothing mounts, and starts the first as it sorts them", async () => {
    const found = await read({}, [{ ...entries, "/loader/loader.conf": "timeout 3\neditor no\n" }]);
    expect(shown(found)).toEqual([
      "bls new.conf New *",
      "bls old.conf Old",
      "unified image.efi Image 1",
      "bls arch.conf Arch",
      "bls failed.conf Failed",
    ]);
    expect(found.command_line).toBe("new");
    expect(found.systemd_boot).toEqual({ config: "/loader/loader.conf", default: null, timeout: "3", editor: false });
    expect(found.entries[3]).toMatchObject({ initrds: ["/ucode.img", "/i.img"], options: "a b" });
  });

  it("starts what its pattern names, a unified kernel as well", async () => {
    const found = await read({}, [{ ...entries, "/loader/loader.conf": "default IMAGE*\n" }]);
    expect(found.command_line).toBe("root=/dev/gpt-auto-root quiet");
    expect(found.unified).toEqual([
      {
        ...{ path: "/EFI/Linux/image.efi", title: "Image 1", version: "6.9.1", arch: "x86_64", signed: false },
        command_line: "root=/dev/gpt-auto-root quiet",
        sections: [
          { name: ".osrel", size: 31 },
          { name: ".uname", size: 5 },
          { name: ".cmdline", size: 30 },
          { name: ".linux", size: 6 },
        ],
      },
    ]);
  });

  it("may be missing where firmware starts a unified kernel by itself", async () => {
    const kernel = program({ ".cmdline": "root=LABEL=root", ".linux": "kernel" });
    const found = await read({ "/boot/efi/EFI/BOOT/BOOTX64.EFI": kernel, "/boot/efi/EFI/BOOT/fbx64.efi": kernel });
    expect(found.unified.map(({ path }) => path)).toEqual(["/boot/efi/EFI/BOOT/BOOTX64.EFI"]);
    expect(found.command_line).toBe("root=LABEL=root");
  });

  it("goes before a menu of GRUB's that was left behind, where it has settings", async () => {
    const menu = {
      "/boot/grub/grub.cfg": "menuentry a {\nlinux /v grub\n}\n",
      "/boot/loader/entries/a.conf": "linux /v\noptions bls\n",
    };
    expect((await read(menu)).command_line).toBe("grub");
    expect((await read({ ...menu, "/boot/loader/loader.conf": "" })).command_line).toBe("bls");
  });
});

describe("extlinux", () => {
  it("has labels, of which one starts", async () => {
    const found = await read({
      "/boot/extlinux/extlinux.conf": `DEFAULT menu.c32
TIMEOUT 10
LABEL l0
  MENU LABEL ^Alpine
  KERNEL vmlinuz-lts
  INITRD a,b
  APPEND root=/dev/sda initrd=c quiet
LABEL l1
  MENU DEFAULT
  LINUX vmlinuz-virt
  APPEND root=/dev/vda
`,
    });
    expect(shown(found)).toEqual(["extlinux l0 Alpine", "extlinux l1 null *"]);
    expect(found.entries[0]).toMatchObject({
      kernel: "vmlinuz-lts",
      initrds: ["a", "b", "c"],
      options: "root=/dev/sda quiet",
    });
    expect(found.command_line).toBe("root=/dev/vda");
  });
});

it("tells no password that stands on a command line", async () => {
  const options = [
    ...["rd.iscsi.password=SECRET", "netroot=iscsi:user:SECRET@host::3260::iqn", "root=live:https://u:SECRET@h/x@y"],
    ...["cifsroot=//h/s,username=u,password=SECRET", "rootpass=SECRET", "ignition.config.url=https://h/?token=SECRET"],
    ...["systemd.set_credential=a.b:SECRET", "root=UUID=1-2", "nfsroot=1.2.3.4:/x@y", "console=ttyS0,115200n8"],
  ].join(" ");
  const found = await read({
    "/boot/grub/grub.cfg": `menuentry a {\nlinux /v ${options}\n}\n`,
    "/boot/grub/grubenv": grubenv(`kernelopts=${options}\n`),
    "/efi/EFI/Linux/a.efi": program({ ".linux": "x", ".cmdline": options }),
  });
  expect(JSON.stringify(found)).not.toContain("SECRET");
  expect(found.command_line).toBe(options.replaceAll("SECRET", "(secret)"));
});

it("tells no password that a menu has in quotes, nor one whose variable says what it is", async () => {
  const found = await read({
    "/boot/grub/grub.cfg": "menuentry a {\nlinux /v 'rd.a.password=SECRET SECRET' \"b c\" quiet\n}\n",
    "/boot/grub/grubenv": grubenv("admin_password=SECRET\n"),
  });
  expect(JSON.stringify(found)).not.toContain("SECRET");
  expect(found.command_line).toBe('"rd.a.password=(secret)" "b c" quiet');
});

it("reads a menu with more entries in a block than a call takes arguments", async () => {
  const many = "menuentry a {\n}\n".repeat(150_000);
  expect((await read({ "/boot/grub/grub.cfg": `if x; then {\n${many}}\n` })).entries).toHaveLength(150_000);
});

describe("initial RAM disks", () => {
  const inside = initramfs(["virtio_blk"]);

  it("are found by what entries name, whatever the loader calls its root, and beside kernels; each once", async () => {
    const found = await read(
      {
        "/boot/grub/grub.cfg": "menuentry a {\nlinux /vmlinuz-2\ninitrd /initrd.img-2\n}\n",
        "/boot/vmlinuz-1": "",
        "/boot/initrd.img-1": inside,
        "/boot/vmlinuz-2": "",
        "/boot/initrd.img-2": gzipSync(inside),
        "/initrd.img": { link: "boot/initrd.img-2" },
      },
      [{ "/loader/entries/a.conf": "linux /k\ninitrd /a/initrd\n", "/a/initrd": inside }],
    );
    expect(
      found.initramfs.map(({ path, contents }) => [path, contents?.archives.map(({ packing }) => packing)]),
    ).toEqual([
      ["/boot/initrd.img-2", ["gzip"]],
      ["/a/initrd", [null]],
      ["/boot/initrd.img-1", [null]],
    ]);
    expect(found.initramfs[0]?.contents?.modules).toEqual(["virtio_blk"]);
  });

  it("are named where there are more than are looked into, and a warning says so", async () => {
    const names = Array.from({ length: 40 }, (_, at) => `/i${at}`);
    const files = Object.fromEntries(names.map((name) => [`/boot${name}`, inside]));
    const entry = `linux /k\n${names.map((name) => `initrd ${name}\n`).join("")}`;
    const known = await knownSystem(await memoryTree({ ...files, "/boot/loader/entries/a.conf": entry }));
    const { initramfs } = await boot.read(known);
    expect(initramfs).toHaveLength(40);
    expect(initramfs.filter(({ contents }) => contents)).toHaveLength(32);
    expect(known.warnings).toEqual([expect.stringMatching(/behind the first 32/)]);
  });

  it("of lz4 are damaged where a block holds nothing", async () => {
    const bytes = Buffer.from([0x02, 0x21, 0x4c, 0x18, 1, 0, 0, 0, 0]);
    const known = await knownSystem(await memoryTree({ "/boot/vmlinuz-1": "", "/boot/initrd.img-1": bytes }));
    expect((await boot.read(known)).initramfs[0]?.contents).toBeNull();
    expect(known.warnings).toEqual([expect.stringMatching(/lz4 data is damaged/)]);
  });

  it("that are damaged anywhere are read or named, and stop nothing else", async () => {
    const whole = Buffer.concat([inside, gzipSync(inside)]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, length) => {
        const bytes = Uint8Array.from(whole.subarray(0, Math.max(length, at + 1)));
        bytes[at] = byte;
        const known = await knownSystem(await memoryTree({ "/boot/vmlinuz-1": "", "/boot/initrd.img-1": bytes }));
        const { initramfs } = await boot.read(known);
        expect(known.warnings).toHaveLength(initramfs[0]?.contents ? 0 : 1);
      }),
    );
  });
});

it("says nothing of a system without any loader", async () => {
  expect(await read({})).toEqual({
    command_line: null,
    entries: [],
    grub: null,
    systemd_boot: null,
    unified: [],
    initramfs: [],
  });
});
