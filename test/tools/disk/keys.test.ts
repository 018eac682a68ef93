import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspect, open } from "../../../core/inspect/index.ts";
import { GUESTKIT, guestkit, guestkitText } from "../../support/cli.ts";
import { makeForeignRoot, SMALL_SYSTEM } from "../../support/foreign-roots.ts";
import { lockedVolumes } from "../../support/locked-volumes.ts";
import { run, scratch } from "../../support/run.ts";
import { filesWith, SecretWatch } from "../../support/secret-watch.ts";
import { PASSPHRASE, volumeImages } from "../../support/volume-images/index.ts";

const dir = await scratch("keys");
const { first, second, passphrase, keyFile } = await lockedVolumes(dir);
const uuid = (await run("cryptsetup", ["luksUUID", second])).trim();
const home = {
  GUESTKIT_CACHE_DIR: join(dir, "cache"),
  GUESTKIT_DATA_DIR: join(dir, "data"),
  GUESTKIT_RUNTIME_DIR: join(dir, "run"),
};
const cat = ["cat", first, "--with", second, "--filesystem", "/dev/vg0/root", "/deep/er/leaf"];

describe("LVM on LUKS", () => {
  it.each([
    ["the device", { "/dev/sdb": passphrase }],
    ["another driver's name of it", { vdb: passphrase }],
    ["the UUID", { [uuid.toUpperCase()]: { file: keyFile } }],
    ["any, after one that does not fit", { "*": ["wrong", new TextEncoder().encode(passphrase)] }],
  ])("is opened by a key for %s", async (_, keys) => {
    await using disk = await open(first, { with: [second], keys });
    expect(await (await disk.tree({ filesystem: "vg0/root" })).readText("/hello")).toBe("hello, world\n");
    expect(disk.warnings).toEqual([]);
  });

  it("without a key is what can be read, and the rest is said", async () => {
    const report = await inspect(first, { with: [second] });
    expect(report.filesystems.map(({ device, type }) => `${device} ${type}`)).toEqual([
      "/dev/sda LVM2_member",
      "/dev/sdb crypto_LUKS",
      `/dev/mapper/luks-${uuid} null`,
      "/dev/vg0/data null",
      "/dev/vg0/root null",
    ]);
    expect(report.warnings.join("\n")).toContain("LVM2_member vg0 is not whole");
  });
});

describe("a header apart from its device", () => {
  it("that cryptsetup made so opens it on the command line, by the device's name alone", async () => {
    const [disk, header] = [join(dir, "apart.img"), join(dir, "apart.header")];
    await mkdir(join(dir, "apart"));
    await writeFile(join(dir, "apart", "hello"), "from afar\n");
    await run("mke2fs", ["-q", "-t", "ext4", "-d", join(dir, "apart"), disk, "16M"]);
    const cheap = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "--key-file", keyFile];
    const offline = [
      "reencrypt",
      "-q",
      "--encrypt",
      "--force-offline-reencrypt",
      "--type",
      "luks2",
      "--header",
      header,
    ];
    await run("cryptsetup", [...offline, ...cheap, disk]);
    const key = ["--key", `*:file:${keyFile}`];
    const read = (...more: string[]) => guestkit(["cat", disk, "/hello", ...key, ...more], { env: home });
    expect(String((await read("--key", `vda:header:${header}`)).stdout)).toBe("from afar\n");
    expect(await read()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("holds nothing that is known") });
    const refused = await read("--key", `sda:header:${keyFile}`);
    expect(refused.stderr).toContain(`Cannot read the LUKS header of "${keyFile}": there is none`);
    expect((await read("--key", `sda:header:${keyFile}.gone`)).stderr).toContain("there is no such file");
    expect((await read("--key", `*:header:${header}`)).stderr).toContain("name the one it is of");
    expect(await guestkitText(["info", header, "--json", ...key], { env: home })).toContain("E_LUKS_DETACHED");
  });

  it("stands for the one that a device has lost", async () => {
    const [disk, saved] = [join(dir, "lost.img"), join(dir, "saved.header")];
    const { disks } = await volumeImages();
    await run("dd", [`if=${disks.luks1}`, `of=${saved}`, "bs=1M", "count=4", "status=none"]);
    await run("cp", ["--sparse=always", disks.luks1, disk]);
    await run("dd", ["if=/dev/zero", `of=${disk}`, "bs=512", "count=8", "conv=notrunc", "status=none"]);
    await using opened = await open(disk, { keys: { "/dev/sda": [PASSPHRASE, { header: saved }] } });
    expect(await (await opened.tree()).readText("/hello")).toBe("hello, world\n");
  });
});

describe("keys on the command line", () => {
  it("open the system of a machine whose whole disk but /boot is LVM on LUKS", async () => {
    const disk = join(dir, "laptop.img");
    await makeForeignRoot("xfs in LVM", disk, SMALL_SYSTEM, keyFile);
    const inspected = async (...options: string[]) =>
      JSON.parse(await guestkitText(["inspect", disk, "--json", ...options], { env: home }));
    const { distro, root, mounts, packages } = await inspected("--key", `sda2:file:${keyFile}`);
    expect([distro, root, packages.length]).toEqual(["test", "/dev/vg0/root", 2]);
    expect(mounts.map(({ target, device }: { target: string; device: string }) => `${target} ${device}`)).toEqual([
      "/ /dev/vg0/root",
      "/boot /dev/sda1",
    ]);
    expect(await inspected()).toMatchObject({ distro: null, root: null });
    // Without a key /boot does not pass for all there is.
    const [tar, boot] = [await guestkit(["tar", disk]), await guestkit(["ls", disk, "/", "--filesystem", "/dev/sda1"])];
    expect([tar.exitCode, tar.stderr]).toEqual([
      1,
      expect.stringMatching(/is encrypted.*\n.*--key .*--filesystem \/dev\/sda1/),
    ]);
    expect([boot.exitCode, boot.stdout.toString()]).toEqual([0, "grub\nlost+found\n"]);
  });

  it.each([
    ["a file", ["--key", `sdb:file:${keyFile}`]],
    ["the environment", ["--key", "*:env:DISK_KEY"]],
  ])("come from %s, and show nowhere", async (_, options) => {
    await using watch = new SecretWatch([passphrase]);
    const { stdout, stderr } = await guestkit([...cat, ...options], { env: { ...home, DISK_KEY: passphrase } });
    expect({ stdout: stdout.toString(), stderr }).toEqual({ stdout: "leaf\n", stderr: "" });
    expect(watch.found).toEqual([]);
    expect(
      await filesWith([passphrase], [home.GUESTKIT_CACHE_DIR, home.GUESTKIT_DATA_DIR, home.GUESTKIT_RUNTIME_DIR]),
    ).toEqual([]);
  });

  it("that do not fit are refused without being repeated", async () => {
    const wrong = "no-such-word-4711";
    const refused = await guestkit([...cat, "--key", "*:env:DISK_KEY"], {
      env: { ...home, DISK_KEY: wrong },
    });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).not.toContain(wrong);
    const info = await guestkitText(["info", second, "--key", "*:env:DISK_KEY"], { env: { ...home, DISK_KEY: wrong } });
    expect(info).toContain("E_LUKS_KEY");
  });

  it("are refused where they are written wrongly, or are not there", async () => {
    expect((await guestkit([...cat, "--key", `*:${passphrase}`])).exitCode).toBe(64);
    const missing = await guestkit([...cat, "--key", "*:env:NO_SUCH_NAME"]);
    expect([missing.exitCode, missing.stderr]).toEqual([64, expect.stringContaining("NO_SUCH_NAME")]);
    const file = await guestkit([...cat, "--key", `*:file:${dir}`]);
    expect([file.exitCode, file.stderr]).toEqual([
      1,
      expect.stringMatching(/Cannot read the key file .*it is a folder/),
    ]);
  });

  it("are asked for on a terminal, unseen", async () => {
    const script = join(dir, "ask.py");
    await writeFile(script, ASK);
    const shown = await run("python3", [script, passphrase, ...GUESTKIT, ...cat]);
    expect(shown).toMatch(new RegExp(`^Passphrase of /dev/sdb \\(${uuid}\\), .*: \\s+leaf\\s*$`));
  });
});

it("a project file's keys come from its variables and the environment, and are kept nowhere", async () => {
  const project = join(dir, "project");
  await mkdir(project);
  const text = (key: string) => `version: 1
variables:
  key: { sensitive: true, default: "" }
keys: { "*": { passphrase: "${key}" } }
queries:
  file_content:
    leaf: { disk_image: ${first}, with: [${second}], filesystem: /dev/vg0/root, path: /deep/er/leaf }
outputs:
  leaf: \${file_content.leaf.content}
`;
  const options = { cwd: project, env: { ...home, DISK_KEY: passphrase, GUESTKIT_VAR_key: passphrase } };
  for (const key of ["${env.DISK_KEY}", "${var.key}"]) {
    await writeFile(join(project, "guestkit.yaml"), text(key));
    expect(await guestkitText(["plan", "--json", "--out", "saved"], options)).not.toContain(passphrase);
    expect(await guestkitText(["apply", "--json", "saved"], options)).toContain("leaf\\n");
  }
  expect(await filesWith([passphrase], [project, ...Object.values(home)])).toEqual([]);
});

/** Gives the passphrase to a program on a terminal of its own, once it asks, and prints all that was shown. */
const ASK = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
asked = False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if not asked and b"closed: " in shown:
        asked = True
        os.write(terminal, sys.argv[1].encode() + b"\\r")
sys.stdout.write(shown.decode())
`;
