import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";

const examples = join(repository, "examples/kvmx");
let guest: MicroGuest;
beforeAll(async () => {
  guest = await microGuest();
});

interface Report {
  readonly complete: boolean;
  readonly keys: readonly { readonly key: string; readonly line: number; readonly status: string }[];
}

/** A host whose owner's home folder is the host's own. */
async function open(): Promise<{ host: MachineHost; in: (folder: string) => { cwd: string; env: { HOME: string } } }> {
  const host = await MachineHost.open();
  return { host, in: (folder) => ({ cwd: join(host.folder, folder), env: { HOME: host.folder } }) };
}

/** An example's kvmxfile, in a folder that is called as it is. */
async function example(host: MachineHost, name: string): Promise<void> {
  await mkdir(join(host.folder, name), { recursive: true });
  await copyFile(join(examples, name, "kvmxfile"), join(host.folder, name, "kvmxfile"));
}

describe("the example", () => {
  it.each(["debian", "work"])("%s becomes the guestkit.yaml beside it, which is valid", async (name) => {
    const { host, in: at } = await open();
    await using _host = host;
    await example(host, name);
    const imported = await host.run(["import-kvmxfile", "--json"], at(name));
    expect(imported.exitCode).toBe(2);
    const report = JSON.parse(imported.stdout.toString()) as Report;
    expect(report.complete).toBe(false);
    expect(report.keys.filter(({ status }) => status === "untranslated").map(({ key }) => key)).toEqual(
      name === "debian" ? ["password"] : ["poweroff_rsync_from_guest"],
    );
    const text = await readFile(join(host.folder, name, "guestkit.yaml"), "utf8");
    expect(text).toBe(await readFile(join(examples, name, "guestkit.yaml"), "utf8"));
    expect((await host.run(["validate"], at(name))).exitCode).toBe(0);
  });

  it("is planned: the template as it is to be made, the machine from a template that is there", async () => {
    const { host, in: at } = await open();
    await using _host = host;
    await Promise.all(["debian", "work"].map((name) => example(host, name)));
    for (const name of ["debian", "work"]) await host.run(["import-kvmxfile"], at(name));
    for (const folder of ["vm/work/home", "code"]) await mkdir(join(host.folder, folder), { recursive: true });
    const plan = async (name: string) => {
      const { stdout, stderr, exitCode } = await host.run(["plan", "--json"], at(name));
      expect(stderr).toBe("");
      expect(exitCode).toBe(0);
      const { changes } = JSON.parse(stdout.toString()) as { changes: { address: string; action: string }[] };
      return changes.map(({ address, action }) => `${action} ${address}`).toSorted();
    };
    expect(await plan("debian")).toEqual(["create disk_image.debian", "create virtual_machine.debian"]);
    // The template itself takes minutes to build: another image stands in for it.
    await host.apply({ debian: { running: false, disks: { root: { image: guest.imageBios, overlay: true } } } });
    expect(await plan("work")).toEqual(["create virtual_machine.work"]);
  });
});

describe("guestkit import-kvmxfile", () => {
  it("writes where it is told to, and over nothing", async () => {
    const { host, in: at } = await open();
    await using _host = host;
    await mkdir(join(host.folder, "web"));
    await writeFile(
      join(host.folder, "web/kvmxfile"),
      'memory=512\nshared_folder="./data"\npassword=hunter2\nx=$(touch ran)\n',
    );
    const printed = await host.run(["import-kvmxfile", "web/kvmxfile", "--output", "-"], at("."));
    expect(printed.exitCode).toBe(2);
    expect(printed.stdout.toString()).toContain("path: ./web/data");
    expect(printed.stdout.toString() + printed.stderr).not.toContain("hunter2");
    expect(printed.stderr).toContain("line 3  password");

    expect((await host.run(["import-kvmxfile", "--name", "www"], at("web"))).stdout.toString()).toContain("Wrote ");
    expect(await readFile(join(host.folder, "web/guestkit.yaml"), "utf8")).toContain("path: ./data");
    const again = await host.run(["import-kvmxfile"], at("web"));
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("--overwrite")]);
    await writeFile(join(host.folder, "web/kvmxfile"), "memory=768\n");
    expect((await host.run(["import-kvmxfile", "--overwrite"], at("web"))).exitCode).toBe(0);
    expect(await readFile(join(host.folder, "web/guestkit.yaml"), "utf8")).toContain("memory: 768M");
    await mkdir(join(host.folder, "taken/folder"), { recursive: true });
    const failed = await host.run(["import-kvmxfile", "--overwrite", "--output", "../taken/folder"], at("web"));
    expect(failed.exitCode).toBe(1);
    expect(await readdir(join(host.folder, "taken"))).toEqual(["folder"]);
  });

  it("refuses what is no kvmxfile", async () => {
    const { host, in: at } = await open();
    await using _host = host;
    const refusal = async (...args: string[]) => {
      const { exitCode, stderr } = await host.run(["import-kvmxfile", "--json", ...args], at("."));
      expect(exitCode).toBe(args.includes("-") ? 64 : 1);
      return JSON.parse(stderr).error.code;
    };
    expect(await refusal()).toBe("E_KVMXFILE_MISSING");
    await writeFile(join(host.folder, "big"), "#".repeat(300_000));
    expect(await refusal("big")).toBe("E_KVMXFILE_SIZE");
    await writeFile(join(host.folder, "open"), "a='x");
    expect(await refusal("open")).toBe("E_KVMXFILE_OPEN");
    await writeFile(join(host.folder, "kvmxfile"), "");
    expect(await refusal("--name=-x")).toBe("E_KVMXFILE_NAME");
    expect(await refusal("--output", "-")).toBe("E_USAGE");
  });

  it("makes a machine that boots from the image that kvmx has made, with its share, forward and commands", async () => {
    const { host, in: at } = await open();
    await using _host = host;
    const folder = join(host.folder, "box");
    await mkdir(join(folder, "data"), { recursive: true });
    await copyFile(guest.imageBios, join(folder, "box.img"));
    await writeFile(
      join(folder, "kvmxfile"),
      [
        'image="box.img"\nmemory="384"\nuser="root"\nshared_folder="data"\nshared_folder_mountpoint="/mnt/data"',
        'provision_command="echo provisioned >> /mnt/data/told"\nstartup_command="echo \'it is\' up >> /mnt/data/told"',
        'port_mapping="hostfwd=tcp:127.0.0.1:0-:80"\nqemu_opts="-snapshot"\nssh_custom="y"\n',
      ].join("\n"),
    );
    await host.run(["import-kvmxfile", "--keep-image"], at("box"));
    // What the importer leaves to the user: the key that the box lets in.
    const file = join(folder, "guestkit.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(
      file,
      text.replace("ssh:\n        user: root", `ssh:\n        user: root\n        private_key: ${guest.sshKey}`),
    );
    const applied = await host.run(["apply", "--auto-approve"], at("box"));
    expect([applied.exitCode, applied.stderr]).toEqual([0, expect.anything()]);
    expect(await readFile(join(folder, "data/told"), "utf8")).toBe("provisioned\nit is up\n");
    const { forwards } = await host.json<{ forwards: { name: string; guest_port: number }[] }>(["vm", "status", "box"]);
    expect(forwards.map(({ name, guest_port }) => `${name} ${guest_port}`).toSorted()).toEqual(["http 80", "ssh 22"]);
  });
});
