import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { documentText, type ImportContext, importKvmxfile, keyGroups } from "../../../core/kvmxfile/index.ts";
import { fc } from "../../support/property.ts";

const CONTEXT: ImportContext = { vm: "web", home: "/home/me", user: "me", folder: "." };

interface Things {
  readonly disk_image?: Record<string, Record<string, unknown>>;
  readonly virtual_machine: Record<string, Record<string, unknown>>;
}

function read(text: string, context: Partial<ImportContext> = {}) {
  const found = importKvmxfile(text, { ...CONTEXT, ...context });
  const resources = found.declaration.resources as unknown as Things;
  const note = (key: string) => found.keys.find((each) => each.key === key);
  return { ...found, machine: resources.virtual_machine.web, image: resources.disk_image?.web, note };
}

const keys = keyGroups.flatMap((group) => group.keys);

describe("a kvmxfile", () => {
  it("that says nothing is a Debian machine, built from packages", () => {
    expect(read("")).toMatchObject({
      name: "web",
      isWhole: true,
      image: { path: "./web.qcow2", bootstrap: { packages: expect.arrayContaining(["cloud-init", "openssh-server"]) } },
      machine: {
        name: "web",
        disks: { root: { image: "${disk_image.web.id}", overlay: true } },
        cloud_init: { users: { user: { sudo: true } } },
      },
    });
  });

  it("has host name, domain, memory, processors and autostart", () => {
    const { machine, image } = read('hostname="www"\ndomain=example.org\nmemory=2048\nsmp=4\nsupervise_manage=1');
    expect(machine).toMatchObject({
      cpus: 4,
      memory: "2048M",
      autostart: true,
      cloud_init: { hostname: "www.example.org" },
    });
    expect(image).toMatchObject({ bootstrap: { hostname: "www" } });
  });

  it("brings a public key from its file, and no other file into the guest", () => {
    const keysOf = (text: string) => JSON.stringify(read(text).machine);
    expect(keysOf("ssh_custom_pubkey=~/.ssh/id_rsa.pub")).toContain("${file.");
    expect(keysOf("ssh_custom_pubkey=~/.ssh/id_rsa")).not.toContain("${file.");
    expect(read("ssh_custom_pubkey=~/.ssh/id_rsa").note("ssh_custom_pubkey")).toMatchObject({ status: "untranslated" });
  });

  it("starts from a basebox by an overlay or a copy, and logs in as its user", () => {
    expect(read("basebox=dev\nbacking_file=1\nuser=me\nsize=20G\nhostname=x").machine).toEqual({
      name: "web",
      disks: { root: { image: "${env.HOME}/.local/share/kvmx/dev/box.img", overlay: true, size: "20G" } },
      ssh: { user: "me" },
    });
    expect(read("basebox=dev\nsize=20G")).toMatchObject({
      image: { path: "./web.qcow2", size: "20G", source: { url: "${env.HOME}/.local/share/kvmx/dev/box.img" } },
      machine: { disks: { root: { image: "${disk_image.web.id}" } } },
    });
  });

  it("starts from a template, a base, a medium, or the image that is there", () => {
    const template = read("template_vm=dev\nbasebox=old\nuser=me\ndrive_interface=ide").machine;
    expect(template).toEqual({ name: "web", template_vm: "dev", cloud_init: { users: { me: { sudo: true } } } });
    expect(read("base=dev\nbacking_file=0").machine).toMatchObject({
      base: "${env.HOME}/.local/share/kvmx/dev/box.img",
      backing_file: false,
    });
    expect(read("basebox=dev\nrecreate_overlay=always").machine).toMatchObject({ recreate_overlay: "always" });
    expect(read("image=/srv/live.iso\nimage_drive=cdrom").machine).toMatchObject({
      cdroms: { live: { image: "/srv/live.iso" } },
    });
    expect(read("size=9G", { keepImage: true })).toMatchObject({
      image: undefined,
      machine: { disks: { root: { image: "${env.HOME}/.local/share/kvmx/web/box.img" } } },
    });
  });

  it("has forwards, each by a name, and one for SSH among them", () => {
    const { machine, note } = read(
      'port_mapping="hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=udp::53-:53,guestfwd=tcp:1.2.3.4:5-x"\nport_mapping="$port_mapping,hostfwd=tcp:127.0.0.1:8081-:80,hostfwd=tcp:127.0.0.1:99999-:1"',
    );
    expect(machine?.networks).toEqual({
      lan: {
        forwards: {
          ssh: { guest_port: 22 },
          http: { guest_port: 80, host_port: 8080 },
          "udp-53": { guest_port: 53, host_port: 53, host_address: "0.0.0.0", protocol: "udp" },
          "tcp-8081-80": { guest_port: 80, host_port: 8081 },
        },
      },
    });
    expect(note("port_mapping")).toMatchObject({ status: "partly", line: 2, why: expect.stringContaining("guestfwd") });
    expect(read("ssh_support=n").machine?.networks).toEqual({ lan: {} });
    expect(read('port_mapping="hostfwd=tcp:127.0.0.1:2222-:22"').machine?.networks).toEqual({
      lan: { forwards: { ssh: { guest_port: 22, host_port: 2222 } } },
    });
  });

  it("has shares with their options, and paths from where guestkit.yaml stands", () => {
    const text =
      'shared_folder="."\nshared_folder_mountpoint="/srv/$VM"\nshared_folders="home:$HOME/work:/home/user,bad"\nshared_folders_msize=524288';
    const { machine, note, image } = read(text, { folder: "../vm" });
    expect(machine?.shares).toEqual({
      shared: { path: "../vm", mount: "/srv/web", kind: "9p", options: ["msize=524288"] },
      home: { path: "${env.HOME}/work", mount: "/home/user", kind: "9p", options: ["msize=524288"] },
    });
    expect(note("shared_folders")?.status).toBe("partly");
    expect(image?.bootstrap).toMatchObject({ kernel: "linux-image-amd64" });
    expect(read('shared_folder="."').note("shared_folder")?.why).toContain("guestkit.yaml");
  });

  it("runs in the guest what kvmx does, as the user", () => {
    const { machine } = read(
      `user=me\nprovision_command="make 'it'"\nssh_env="TERM=xterm"\nstartup_command="echo it's \\$HOME"\npoweroff_pre_command=sync\nupgrade_command="sudo apt-get update && sudo apt-get -y upgrade"`,
    );
    expect(machine).toMatchObject({
      provision: [{ name: "provision", inline: ["make 'it'"], user: "me", environment: { TERM: "xterm" } }],
      startup_commands: ["su -l me -c 'echo it'\\''s $HOME'"],
      shutdown_commands: ["su -l me -c 'sync'"],
      upgrade_command: "apt-get update && apt-get -y upgrade",
    });
  });

  it("gives QEMU what guestkit has no field for", () => {
    const { machine, note } = read('qemu_opts="-snapshot -m 512 -cpu host -enable-kvm -device usb-host,hostbus=2"');
    expect(machine).toMatchObject({
      snapshot_mode: true,
      cpu_model: "host",
      extra_args: ["-device", "qemu-xhci,id=kvmx-usb", "-device", "usb-host,hostbus=2"],
    });
    expect(note("qemu_opts")).toMatchObject({ status: "partly", instead: expect.stringContaining("memory") });
    expect(read('graphics="-vnc :3"').machine?.graphics).toEqual({ kind: "vnc", listen: "127.0.0.1", port: 5903 });
    expect(read('drive_interface="ide,cache=none,index=0"').machine).toMatchObject({
      machine: "pc",
      disks: { root: { bus: "ide", cache: "none" } },
    });
  });

  it("never carries a password over, under whatever name", () => {
    const text =
      'password="hunter2"\nlogin="-u me -p $password"\nstartup_command="tool $login"\nimage="/x/$password"\nqemu_opts="-object secret,data=hunter2"';
    const found = read(text);
    expect(JSON.stringify(found) + documentText(found, "kvmxfile")).not.toContain("hunter2");
    expect(found.note("password")).toMatchObject({ status: "untranslated", line: 1 });
    expect(found.note("startup_command")?.status).toBe("untranslated");
  });

  it("names what only a shell can tell, and what no kvmxfile has", () => {
    const found = read(
      "memory=`free -m`\nfoo=1\ndir=data\nshared_folder=$dir\nif x; then smp=2; fi\ndatadir=$KVMX_BASE/x",
    );
    expect(found.isWhole).toBe(false);
    expect(found.note("memory")).toMatchObject({
      status: "untranslated",
      line: 1,
      why: expect.stringContaining("command"),
    });
    expect(found.note("foo")).toMatchObject({ status: "untranslated", line: 2 });
    expect(found.note("dir")?.status).toBe("not_needed");
    expect(found.note("datadir")?.why).toContain("$KVMX_BASE");
    expect(found.unread).toEqual([{ line: 5, word: "if", names: ["smp"] }]);
    expect(found.machine).not.toHaveProperty("cpus");
  });

  it("takes a machine's name from the folder, or is given one", () => {
    expect(read("", { vm: "my project.d" }).name).toBe("my-project-d");
    expect(read("", { name: "other" }).name).toBe("other");
    for (const bad of [{ vm: "///" }, { name: "-x" }]) {
      expect(() => read("", bad)).toThrow(expect.objectContaining({ code: "E_KVMXFILE_NAME" }));
    }
    expect(() => read("#".repeat(300_000))).toThrow(expect.objectContaining({ code: "E_KVMXFILE_SIZE" }));
  });

  it("is written with what is left on top, and text that looks like a reference as text", () => {
    const text = documentText(
      read("startup_command='echo ${disk_image.x.id} $${y}'\nnet=tap\nspice=1"),
      "web/kvmxfile",
    );
    expect(text).toContain("#   2  net: ");
    expect(text).toContain("# spice: On a socket");
    const { startup_commands } = parse(text).resources.virtual_machine.web;
    expect(startup_commands).toEqual(["su -l user -c 'echo $${disk_image.x.id} $$${y}'"]);
  });
});

describe("whatever stands in a kvmxfile", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "1",
      "0",
      "y",
      ".",
      "..",
      "__proto__",
      "constructor:.:/x,__proto__:.:/y",
      "hostfwd=tcp::1-:1",
      "-vnc :1",
      "10G",
      "-",
      "${x}",
    ),
  );
  const line = fc.tuple(fc.constantFrom(...keys.map(({ name }) => name)), value);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

  it("ends in a file that parses, and in a note of each key", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, keepImage) => {
        const found = read(lines.map(([key, text]) => `${key}=${quoted(text)}`).join("\n"), { keepImage });
        expect(parse(documentText(found, "kvmxfile"))).toEqual(found.declaration);
        expect(found.keys.map(({ key }) => key).toSorted()).toEqual([...new Set(lines.map(([key]) => key))].toSorted());
        for (const { status, instead, why } of found.keys) {
          if (status === "untranslated" || status === "partly") expect([why, instead]).not.toContain(null);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("ends in an answer or a refusal where it is no shell at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GuestkitError);
        }
      }),
    );
  });
});
