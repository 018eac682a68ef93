import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { machineFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { NEW, writeMemory } from "../../../core/machine/memory.ts";
import { UNKNOWN, type ValueObject } from "../../../core/model/value.ts";
import { checkMachine, chooseFor, type Finding, knownRules, toDiagnostics } from "../../../core/preflight/index.ts";
import { ADMIN_KEY, type ImageRecipe, makeImage, ROOT_UUID, SOUND } from "../../support/bootable-image.ts";
import { debianImage as bootstrapped } from "../../support/debian.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { machineOf } from "../../support/machine.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";
import { volumeImages } from "../../support/volume-images/index.ts";
import { type Case, cases, disk, type Place, wait } from "./preflight-cases.ts";

const dir = await scratch("preflight");
const settings = {
  cacheDir: join(dir, "cache"),
  dataDir: join(dir, "data"),
  runtimeDir: join(dir, "run"),
  mirror: null,
};
const context = { signal: new AbortController().signal, progress: () => {}, settings };
const sound = join(dir, "sound.raw");

const PLAIN: Machine = machineOf({ name: "web", memory: 2 ** 30, networks: null });

const machine = (image: string, more: Partial<Machine> = {}): Machine => ({
  ...PLAIN,
  disks: { root: disk(image) },
  ...more,
});
const check = (declared: Machine, things: Record<string, ValueObject> = {}) =>
  checkMachine(declared, context, { declared: (contract, id) => things[`${contract} ${id}`] ?? null });
const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

beforeAll(async () => {
  await makeImage(sound);
});

const images = new Map<string, Promise<string>>();
function imageOf(recipe: ImageRecipe | undefined): Promise<string> {
  if (!recipe) return Promise.resolve(sound);
  const key = JSON.stringify(recipe);
  const known = images.get(key) ?? makeImage(join(dir, `image-${images.size}.raw`), recipe);
  images.set(key, known);
  return known;
}

describe("each rule finds its fault in a real image and is silent without it", () => {
  test.each(cases.map((each) => [`${each.code}: ${each.what}`, each] as const))("%s", async (_, each) => {
    const image = await imageOf(each.image);
    const place: Place = { dir, image, sound };
    await each.prepare?.(place);
    const faulty = machine(image, { ...each.machine?.(place), ...each.wrong?.(place) });
    const found = (await check(faulty)).filter(({ code }) => code === each.code);
    expect(found).toHaveLength(1);
    const [finding] = found;
    expect(finding?.path).toEqual(each.path);
    expect(finding?.message).toMatch(/^Cannot /);
    expect(finding?.message).toMatch(each.says);
    expect(finding?.severity).toBe(each.severity ?? usual(each));
    const whole = machine(sound, each.machine?.({ ...place, image: sound }));
    expect(codes(await check(whole))).not.toContain(each.code);
  });

  const usual = ({ code }: Case) =>
    /SWAP|CONSOLE|CONTENT_UNKNOWN|NETWORK_DRIVER|NO_SEED|UNREADABLE/.test(code) ? "warning" : "error";

  test("and every rule has one", () => {
    const others = ["P_UNREADABLE", "P_IMAGE_IN_USE", "P_MACHINE_ID_SHARED", "P_HOST_KEYS_SHARED"];
    expect(new Set([...cases.map(({ code }) => code), ...others])).toEqual(new Set(knownRules()));
  });

  test("with nothing to say of a root of xfs, and of an xfs without a system what is so", async () => {
    const image = await imageOf({ root: "xfs", files: { "/etc/fstab": `UUID=${ROOT_UUID} / xfs defaults 0 0\n` } });
    expect(await check(machine(image))).toEqual([]);
    const nothing = Object.fromEntries(Object.keys(SOUND).map((path) => [path, null]));
    const data = await imageOf({ root: "xfs", files: nothing });
    expect(codes(await check(machine(data, { wait_for: wait("ssh") })))).toContain("P_NO_SYSTEM");
  });

  test("with nothing to say of a volume group over two of the machine's disks, and with what it lacks of half of it", async () => {
    const { pv0, pv1 } = (await volumeImages()).disks;
    const disks = { root: disk(sound), data0: disk(pv0), data1: disk(pv1) };
    for (const _ of ["read", "kept"]) expect(await check(machine(sound, { disks }))).toEqual([]);
    const half = await check(machine(sound, { disks: { root: disk(sound), data0: disk(pv0) } }));
    expect(half.map(({ code, path }) => [code, path])).toContainEqual(["P_UNREADABLE", ["disks", "data0", "image"]]);
    expect(half[0]?.message).toMatch(/the physical volume gkPv01\S* is missing/);
  });

  test("with nothing to say of the sound image, whatever is asked of it", async () => {
    const asked = { wait_for: wait("ssh", "agent", "cloud_init", "console"), cloud_init: {} };
    for (const firmware of ["bios", "uefi", null] as const) {
      for (const bus of ["virtio", "scsi", "sata", "nvme"] as const) {
        const declared = machine(sound, { ...asked, firmware, disks: { root: disk(sound, { bus }) } });
        expect(await check(declared)).toEqual([]);
      }
    }
  });
});

describe("other machines", () => {
  const other = async (name: string, more: object) => {
    const folder = machineFolder(name, settings);
    await mkdir(folder.path, { recursive: true });
    await writeMemory(folder, {
      origin: "created",
      owner: null,
      machine: { ...machine(sound), name, ...more },
      details: { ...NEW, ready: true },
    });
    return folder.path;
  };
  const gone = async (path: string) => rm(path, { recursive: true });

  test("share machine-id and host keys of a base that has them", async () => {
    const image = await imageOf({ files: { "/etc/machine-id": "0123456789abcdef0123456789abcdef\n" } });
    expect(codes(await check(machine(image)))).toEqual([]);
    const path = await other("twin", { disks: { root: disk(image) } });
    const found = await check(machine(image));
    expect(codes(found)).toEqual(["P_MACHINE_ID_SHARED", "P_HOST_KEYS_SHARED"]);
    expect(found[0]).toMatchObject({ severity: "warning", path: ["disks", "root", "image"] });
    expect(found[0]?.message).toMatch(/machine "twin" has them too/);
    expect(codes(await check(machine(image, { cloud_init: {} })))).toEqual(["P_MACHINE_ID_SHARED"]);
    expect(codes(await check(machine(sound)))).toEqual([]);
    await gone(path);
  });

  test("that are nobody's hold an image as well", async () => {
    const path = join(dir, "held.raw");
    await copyFile(sound, path);
    const declared = machine(path, { disks: { root: disk(path, { overlay: false }) } });
    expect(codes(await check(declared))).toEqual([]);
    const holder = spawn("qemu-io", ["-f", "raw", path], { stdio: ["pipe", "pipe", "ignore"] });
    const gone = once(holder, "exit");
    await once(holder.stdout, "data");
    const found = await check(declared);
    holder.stdin.end("quit\n");
    await gone;
    expect(found).toMatchObject([
      { code: "P_IMAGE_IN_USE", severity: "error", message: expect.stringMatching(/another process/) },
    ]);
    expect(codes(await check(machine(path)))).toEqual([]);
  });

  test("write to the image that this one stands on", async () => {
    const path = await other("owner", { disks: { root: disk(sound, { overlay: false }) } });
    const found = await check(machine(sound, { disks: { root: disk(sound, { overlay: false }) } }));
    expect(found.filter(({ code }) => code === "P_IMAGE_IN_USE")).toMatchObject([{ severity: "warning" }]);
    await gone(path);
    const over = await other("above", { disks: { root: disk(sound) } });
    const below = await check(machine(sound, { disks: { root: disk(sound, { overlay: false }) } }));
    expect(below.find(({ code }) => code === "P_IMAGE_IN_USE")).toMatchObject({ severity: "error" });
    expect(codes(await check(machine(sound)))).not.toContain("P_IMAGE_IN_USE");
    await gone(over);
  });
});

describe("silence", () => {
  test("about Debian 12 with cloud-init", async () => {
    const { path } = await debianImage();
    const asked = { wait_for: wait("cloud_init", "ssh", "agent"), cloud_init: { users: { admin: {} } }, ssh: null };
    expect(await check(machine(path, asked))).toEqual([]);
    const chosen = await chooseFor(machine(path, { cloud_init: {} }), context);
    expect(chosen).toMatchObject({ firmware: "uefi", wait_for: [{ condition: "cloud_init" }] });
  });

  test("about a bootstrapped Debian, whose faults on other buses are real", async () => {
    const { path } = await bootstrapped();
    const asked = {
      wait_for: wait("ssh", "console"),
      ssh: { user: "admin", port: 22, private_key: null, network: null },
    };
    expect(await check(machine(path, asked))).toEqual([]);
    expect(codes(await check(machine(path, { disks: { root: disk(path, { bus: "sata" }) } })))).toEqual([
      "P_BUS_DRIVER",
    ]);
  });

  test("about the micro guest, by UEFI and by BIOS, from disk and from memory", async () => {
    const guest = await microGuest();
    const asked = { wait_for: wait("ssh", "agent", "cloud_init", "console"), cloud_init: {}, ssh: null };
    for (const image of [guest.image, guest.imageBios]) expect(await check(machine(image, asked))).toEqual([]);
    const direct = { kernel: guest.kernel, initrd: guest.initrd, cmdline: guest.cmdline };
    expect(await check({ ...PLAIN, ...direct, wait_for: wait("agent") })).toEqual([]);
    expect(await check(machine(guest.image, { ...direct, cmdline: `${guest.cmdline} root=LABEL=micro-root` }))).toEqual(
      [],
    );
  });

  test("about what is known later, and what preflight is told to leave", async () => {
    const unknown = {
      ...machine(sound),
      ssh: { user: "bob", port: 22, private_key: null, network: null },
      wait_for: wait("ssh"),
    };
    expect(codes(await check(unknown))).toEqual(["P_SSH_USER"]);
    expect(await check({ ...unknown, cloud_init: UNKNOWN } as never)).toEqual([]);
    expect(await check({ ...unknown, cloud_init: { users: UNKNOWN } } as never)).toEqual([]);
    expect(await check({ ...unknown, cloud_init: { secret_user_data_version: 1 } })).toEqual([]);
    for (const field of Object.keys(PLAIN).filter((name) => name !== "name" && name !== "ssh")) {
      const found = await check({ ...machine(sound), [field]: UNKNOWN } as never);
      expect(found, field).toEqual([]);
    }
    expect(await check({ ...unknown, preflight: "off" })).toEqual([]);
    expect(await check({ ...unknown, preflight_rules: { P_SSH_USER: "off" } })).toEqual([]);
    expect(await check({ ...unknown, preflight: "warn" })).toMatchObject([{ severity: "warning" }]);
    expect(await check({ ...unknown, running: false })).toMatchObject([{ severity: "warning" }]);
    const strict = { ...unknown, preflight: "off", preflight_rules: { P_SSH_USER: "error" } } as const;
    expect(toDiagnostics(await check(strict))).toMatchObject([
      { severity: "error", code: "P_SSH_USER", path: ["ssh", "user"] },
    ]);
  });
});

describe("an image that the same apply makes", () => {
  const path = join(dir, "planned.qcow2");
  const declared = (more: ValueObject): Record<string, ValueObject> => ({
    [`disk_image ${path}`]: {
      path,
      format: "qcow2",
      size: null,
      source: null,
      backing_file: null,
      bootstrap: null,
      layout: null,
      files: [],
      ...more,
    },
  });
  const bootstrap = (more: ValueObject = {}) => ({
    bootstrap: {
      distribution: "debian",
      release: "bookworm",
      packages: [],
      users: {},
      kernel: "linux-image-cloud-amd64",
      cmdline: "console=ttyS0",
      ...more,
    },
  });

  test("is judged by its declaration", async () => {
    const asked = machine(path, { wait_for: wait("ssh", "agent"), cloud_init: {}, shares: {} });
    expect(codes(await check(asked, declared(bootstrap())))).toEqual([
      "P_CLOUD_INIT_MISSING",
      "P_SSH_NO_SERVER",
      "P_AGENT_MISSING",
    ]);
    const packages = ["openssh-server", "qemu-guest-agent/bookworm", "cloud-init"];
    expect(await check(asked, declared(bootstrap({ packages })))).toEqual([]);
    const closed = [{ path: "/etc/cloud/cloud.cfg.d/90.cfg", content: "datasource_list: [ Ec2 ]\n", source: null }];
    expect(codes(await check(asked, declared({ ...bootstrap({ packages }), files: closed })))).toEqual([
      "P_CLOUD_INIT_DATASOURCE",
    ]);
    const nine = machine(path, {
      shares: { host: { path: dir, kind: "9p", mount: null, read_only: false, options: [], ownership: "squash" } },
    });
    expect(codes(await check(nine, declared(bootstrap({ packages }))))).toEqual(["P_SHARE_KIND"]);
    expect(await check(nine, declared(bootstrap({ packages, kernel: "linux-image-amd64" })))).toEqual([]);
    const users = { admin: { ssh_authorized_keys: [ADMIN_KEY] } };
    const login = machine(path, {
      wait_for: wait("ssh"),
      ssh: { user: "admin", port: 22, private_key: null, network: null },
    });
    expect(await check(login, declared(bootstrap({ packages, users })))).toEqual([]);
    expect(codes(await check(login, declared(bootstrap({ packages }))))).toEqual(["P_SSH_USER"]);
  });

  test("stands on its backing file or source, and is blank without one", async () => {
    const waiting = machine(path, { wait_for: wait("agent") });
    expect(codes(await check(waiting, declared({ size: 2 ** 30 })))).toEqual(["P_NO_SYSTEM"]);
    expect(await check(waiting, declared({ backing_file: sound }))).toEqual([]);
    expect(await check(waiting, declared({ source: { url: sound, format: null } }))).toEqual([]);
    expect(await check(waiting, declared({ source: { url: "https://example.org/x.qcow2", format: null } }))).toEqual(
      [],
    );
    expect(await check(waiting, declared({ bootstrap: UNKNOWN }))).toEqual([]);
    const bare = await imageOf({ files: { "/usr/sbin/qemu-ga": null } });
    expect(codes(await check(waiting, declared({ backing_file: bare })))).toEqual(["P_AGENT_MISSING"]);
  });
});

describe("what is left open", () => {
  const choose = async (image: string, more: Partial<Machine> = {}) => await chooseFor(machine(image, more), context);

  test("is chosen by what the image can", async () => {
    const ssh = { user: null, port: 22, private_key: null, network: null };
    expect(await choose(sound, { cloud_init: {}, ssh })).toMatchObject({
      firmware: "bios",
      wait_for: [{ condition: "cloud_init" }],
      ssh: { user: "debian" },
    });
    expect(await choose(sound, { cloud_init: { users: { ann: {} } }, ssh })).toMatchObject({ ssh: { user: "ann" } });
    expect(await choose(sound, { ssh })).toMatchObject({ wait_for: [{ condition: "agent" }], ssh: { user: "admin" } });
    const plain = await imageOf({ files: { "/usr/sbin/qemu-ga": null }, bios: "none" });
    expect(await choose(plain)).toMatchObject({ firmware: "uefi", wait_for: [] });
    expect(await choose(plain, { firmware: "bios" })).toMatchObject({ firmware: "bios" });
    expect(await choose(join(dir, "nothing"))).toMatchObject({ firmware: "bios", wait_for: [] });
  });

  test("a share is carried by what both sides can", async () => {
    const share = {
      host: { path: dir, kind: null, mount: null, read_only: false, options: [], ownership: "squash" as const },
    };
    expect((await choose(sound, { shares: share })).shares.host).toMatchObject({ kind: "9p", mount: "/mnt/host" });
  });
});

test("a machine that was made is judged by its own overlay, and left alone while it runs", async () => {
  const bare = await imageOf({ files: { "/usr/sbin/qemu-ga": null } });
  const declared = machine(bare, { name: "made", wait_for: wait("agent"), cloud_init: { instance_id: "i-1" } });
  expect(codes(await check(declared))).toEqual(["P_AGENT_MISSING"]);
  const folder = machineFolder("made", settings);
  await mkdir(join(folder.path, "disks"), { recursive: true });
  await writeMemory(folder, { origin: "created", owner: null, machine: declared, details: { ...NEW, ready: true } });
  const ran = { "/var/lib/cloud/instance": { link: "/var/lib/cloud/instances/i-1" } };
  await run("qemu-img", ["convert", "-O", "qcow2", await imageOf({ files: ran }), folder.overlay("root")]);
  expect(await check(declared)).toEqual([]);
  await run("qemu-img", ["convert", "-O", "qcow2", bare, folder.overlay("root")]);
  const found = await check(declared);
  expect(found).toMatchObject([{ code: "P_AGENT_MISSING", message: expect.stringContaining(folder.overlay("root")) }]);
  const holder = spawn("qemu-io", ["-f", "qcow2", folder.overlay("root")], { stdio: ["pipe", "pipe", "ignore"] });
  const gone = once(holder, "exit");
  await once(holder.stdout, "data");
  const whileRunning = await check(declared);
  holder.stdin.end("quit\n");
  await gone;
  expect(whileRunning).toEqual([]);
  await rm(folder.path, { recursive: true });
});

describe("damage", () => {
  /** Bytes laid waste in a copy of the sound image, at places that a seed chooses. */
  async function damaged(seed: number): Promise<string> {
    let state = seed * 2654435761;
    const next = (below: number) => {
      state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
      return state % below;
    };
    const path = join(dir, `damaged-${seed}.raw`);
    await copyFile(sound, path);
    await using file = await open(path, "r+");
    const { size } = await file.stat();
    for (let count = 0; count < 40; count++) {
      const bytes = Buffer.from(Array.from({ length: 1 + next(64) }, () => next(256)));
      await file.write(bytes, 0, bytes.length, next(seed % 2 === 0 ? size - 64 : 6 << 20));
    }
    if (seed % 5 === 0) await file.truncate(next(size));
    return path;
  }

  test("never makes the check fail", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const path = await damaged(seed);
      const found = await check(machine(path, { wait_for: wait("ssh", "agent"), cloud_init: {} }));
      for (const { code, message } of found) expect(knownRules(), message).toContain(code);
    }
  });

  test("is told where an image cannot be opened", async () => {
    const path = join(dir, "torn.qcow2");
    await writeFile(path, Buffer.concat([Buffer.from("QFI\xfb\0\0\0\x03", "latin1"), Buffer.alloc(4096, 0xff)]));
    const found = await check(machine(path, { wait_for: wait("ssh") }));
    expect(found).toMatchObject([{ code: "P_UNREADABLE", severity: "warning" }]);
  });
});

/** What this process has asked the system to read: files, in memory or not (proc_pid_io(5)). */
async function bytesRead(): Promise<number> {
  const [, count] = /^rchar: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8")) ?? [];
  return Number(count);
}

test("an unchanged image is not read again, and a changed one is", async () => {
  const path = join(dir, "changing.raw");
  await copyFile(sound, path);
  // What is younger may change once more without another time of change, and is looked at each time.
  await sleep(2100);
  const reads = async (look: () => Promise<unknown>) => {
    const before = await bytesRead();
    await look();
    return (await bytesRead()) - before;
  };
  const first = await reads(() => check(machine(path)));
  const again = await reads(async () => expect(await check(machine(path))).toEqual([]));
  expect(again).toBeLessThan(first / 20);
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0, 0, 440));
  expect(codes(await check(machine(path, { firmware: "bios" })))).toEqual(["P_BIOS_NO_BOOT_CODE"]);
});
