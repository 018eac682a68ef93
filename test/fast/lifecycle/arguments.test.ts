import { describe, expect, it } from "vitest";
import { buildArguments } from "../../../core/lifecycle/arguments/build.ts";
import { bootPlaces } from "../../../core/lifecycle/arguments/drives.ts";
import type { Facts } from "../../../core/lifecycle/arguments/facts.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import type { BlockLayer as Layer } from "../../../core/qemu/block/blockdev.ts";
import { safeKey } from "../../../core/qemu/options/id.ts";
import { diskOf, machineOf, networkOf, shareOf } from "../../support/machine.ts";
import { fc } from "../../support/property.ts";

const layer = (path: string, format: Layer["format"] = "qcow2"): Layer => ({ path, format, isDevice: false });

function argumentsOf(machine: Machine, facts: Partial<Facts> = {}, root = "/x"): readonly string[] {
  const settings = { dataDir: `${root}/data`, cacheDir: `${root}/cache`, runtimeDir: `${root}/run`, mirror: null };
  const disks = Object.fromEntries(Object.entries(machine.disks).map(([key, { image }]) => [key, [layer(image)]]));
  const cdroms = Object.fromEntries(
    Object.entries(machine.cdroms).map(([key, { image }]) => [key, image === null ? null : layer(image, "raw")]),
  );
  const found: Facts = {
    ...{ accelerator: "tcg", machineType: "pc-q35-7.2", firmware: null, disks, cdroms, forwards: [] },
    ...{ screenPort: null, screenPassword: null },
    ...facts,
  };
  return buildArguments({ machine, folder: machineFolder(machine.name, settings), settings, facts: found });
}

/** All values of one option. */
function all(argv: readonly string[], name: string): string[] {
  return argv.flatMap((each, at) => (argv[at - 1] === name ? [each] : []));
}

const deviceOf = (argv: readonly string[], id: string): string =>
  all(argv, "-device").find((each) => each.split(",").includes(`id=${id}`)) ?? "";

const nodeOf = (argv: readonly string[], name: string) =>
  all(argv, "-blockdev")
    .map((each) => JSON.parse(each) as Record<string, unknown>)
    .find((node) => node["node-name"] === name);

/** An option as QEMU reads it: a comma parts properties, two of them are one in a value. */
function properties(text: string): [string, string | null][] {
  const parts = text.replaceAll(",,", "\0").split(",");
  return parts.map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [part, null] : [part.slice(0, at), part.slice(at + 1).replaceAll("\0", ",")];
  });
}

const OPTION_LISTS = ["-device", "-netdev", "-chardev", "-fsdev", "-object", "-name", "-machine", "-smp", "-vnc"];

describe("user text", () => {
  /** The arguments with every value taken out. */
  const shape = (argv: readonly string[]) =>
    argv.map((each, at) => {
      const name = argv[at - 1] ?? "";
      if (OPTION_LISTS.includes(name)) return properties(each).map(([key]) => key);
      if (name === "-blockdev") return keysOf(JSON.parse(each));
      return each.startsWith("-") && !["-append", "-kernel", "-initrd", "-cpu", "-pidfile"].includes(name) ? each : "?";
    });
  const keysOf = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, keysOf(each)]))
      : typeof value;

  const wholly = (text: string, root: string): readonly string[] =>
    argumentsOf(
      machineOf({
        ...{ name: "m", tpm: true, kernel: `/k${text}`, initrd: `/i${text}`, cmdline: `c${text}` },
        disks: { root: diskOf(`/d${text}`, { serial: `s${text}` }), data: diskOf(`/e${text}`, { bus: "scsi" }) },
        cdroms: { cd: { image: `/c${text}`, boot_order: null } },
        networks: {
          bridge: networkOf("bridge", { bridge: `b${text}` }),
          tap: networkOf("tap", { tap: `t${text}` }),
          stream: networkOf("stream", { path: `/s${text}` }),
          link: networkOf("link", { peer: `p${text}` }),
        },
        shares: { plain: shareOf(`/p${text}`), fast: shareOf(`/f${text}`, { kind: "virtiofs" }) },
        graphics: { kind: "vnc", listen: null, port: null, password: null },
      }),
      { screenPassword: `/w${text}` },
      root,
    );

  it("never becomes another option or property", () => {
    const clean = shape(wholly("a", "/x"));
    const text = fc.string({ unit: "binary", maxLength: 30 }).filter((each) => !each.includes("\0"));
    const nasty = fc.constantFrom(
      ",readonly=on",
      ",,id=x",
      "=,=",
      ' "',
      '","driver":"x',
      "\\",
      ",",
      "-x",
      "\n-device x",
      "ü ß",
    );
    fc.assert(fc.property(fc.oneof(nasty, text), (each) => void expect(shape(wholly(each, "/x"))).toEqual(clean)));
    fc.assert(fc.property(nasty, (each) => void expect(shape(wholly("a", `/x${each}`))).toEqual(clean)));
  });

  it("arrives as it is", () => {
    const argv = wholly(",a=b ü", "/x");
    expect(Object.fromEntries(properties(deviceOf(argv, "disk-root"))).serial).toBe("s,a=b ü");
    expect(nodeOf(argv, "disk-root")).toMatchObject({ file: { filename: "/d,a=b ü" } });
    const share = all(argv, "-fsdev").map((each) => Object.fromEntries(properties(each)));
    expect(share).toMatchObject([{ path: "/p,a=b ü" }]);
    expect(all(argv, "-append")).toEqual(["c,a=b ü"]);
  });

  it("is refused where no argument can carry it", () => {
    const share = machineOf({ name: "m", shares: { s: shareOf("/a\0b") } });
    expect(() => argumentsOf(share)).toThrow(expect.objectContaining({ code: "E_MACHINE_VALUE" }));
  });

  it("makes ids and file names that stay where they belong", () => {
    expect(["root", "a.b-c_1"].map(safeKey)).toEqual(["root", "a.b-c_1"]);
    const odd = ["../../etc", ".", "..", "", "a/b", "ü", "-x", "x".repeat(21), "a b", "a,b"].map(safeKey);
    for (const each of odd) expect(each).toMatch(/^x[0-9a-f]{12}$/);
    expect(new Set(odd).size).toBe(odd.length);
    const folder = machineFolder("m", { dataDir: "/d", cacheDir: "/c", runtimeDir: "/r", mirror: null });
    expect(folder.overlay("../../../etc/x")).toMatch(/^\/d\/machines\/m\/disks\/x[0-9a-f]{12}\.qcow2$/);
  });
});

describe("disks", () => {
  const image = "/image.qcow2";

  it.each([
    ["virtio", "virtio-blk-pci"],
    ["scsi", "scsi-hd"],
    ["sata", "ide-hd"],
    ["nvme", "nvme"],
    ["usb", "usb-storage"],
  ] as const)("stand on %s as %s", (bus, driver) => {
    const device = deviceOf(
      argumentsOf(machineOf({ name: "m", disks: { root: diskOf(image, { bus }) } })),
      "disk-root",
    );
    expect(device).toMatch(new RegExp(`^${driver},id=disk-root,drive=disk-root,serial=root,bootindex=1,`));
  });

  it("stand on IDE with the machine type pc alone", () => {
    const pc = machineOf({ name: "m", machine: "pc", disks: { root: diskOf(image, { bus: "ide" }) } });
    expect(deviceOf(argumentsOf(pc), "disk-root")).toContain("bus=ide.0,unit=0");
    const q35 = () => argumentsOf({ ...pc, machine: "q35" });
    expect(q35).toThrow(expect.objectContaining({ code: "E_MACHINE_IDE" }));
  });

  it("name every format of a chain, and open it for reading", () => {
    const machine = machineOf({ name: "m", disks: { root: diskOf(image) } });
    const argv = argumentsOf(machine, { disks: { root: [layer("/top"), layer("/mid"), layer("/low", "raw")] } });
    expect(nodeOf(argv, "disk-root")).toMatchObject({
      ...{ driver: "qcow2", "read-only": false, file: { driver: "file", filename: "/top" } },
      backing: {
        ...{ driver: "qcow2", "read-only": true, file: { filename: "/mid" } },
        backing: { driver: "raw", "read-only": true, file: { filename: "/low" } },
      },
    });
  });

  it.each([
    ["writeback", { direct: false, "no-flush": false }, "on"],
    ["none", { direct: true, "no-flush": false }, "on"],
    ["writethrough", { direct: false, "no-flush": false }, "off"],
    ["directsync", { direct: true, "no-flush": false }, "off"],
    ["unsafe", { direct: false, "no-flush": true }, "on"],
  ] as const)("are cached as %s", (mode, cache, writeCache) => {
    const argv = argumentsOf(machineOf({ name: "m", disks: { root: diskOf(image, { cache: mode }) } }));
    expect(nodeOf(argv, "disk-root")).toMatchObject({ cache, file: { cache } });
    expect(deviceOf(argv, "disk-root")).toContain(`write-cache=${writeCache}`);
  });

  it("boot in the declared order, then by name, CD-ROMs last", () => {
    const machine = machineOf({
      name: "m",
      disks: { b: diskOf(image), a: diskOf(image), c: diskOf(image, { boot_order: 2 }) },
      cdroms: { x: { image: null, boot_order: null }, y: { image: null, boot_order: 1 } },
    });
    expect([...bootPlaces(machine).keys()]).toEqual(["cd-y", "disk-c", "disk-a", "disk-b", "cd-x"]);
    const named = machineOf({ name: "m", disks: { data: diskOf(image), root: diskOf(image) } });
    expect([...bootPlaces(named).keys()]).toEqual(["disk-root", "disk-data"]);
  });

  it("are refused read-only where no guest can be told", () => {
    const machine = machineOf({ name: "m", disks: { d: diskOf(image, { bus: "nvme", read_only: true }) } });
    expect(() => argumentsOf(machine)).toThrow(expect.objectContaining({ code: "E_DISK_READ_ONLY" }));
  });
});

describe("places", () => {
  it("of network cards stay when disks come and go", () => {
    const networks = { lan: networkOf("user") };
    const alone = deviceOf(argumentsOf(machineOf({ name: "m", networks })), "net-lan");
    const disks = { a: diskOf("/a"), b: diskOf("/b", { bus: "scsi" }), c: diskOf("/c", { bus: "usb" }) };
    const shares = { s: shareOf("/s") };
    expect(deviceOf(argumentsOf(machineOf({ name: "m", networks, disks, shares })), "net-lan")).toBe(alone);
  });

  it.each(["q35", "pc"] as const)("are never given out twice on %s", (machine) => {
    const disks = Object.fromEntries(Array.from({ length: 18 }, (_, at) => [`d${at}`, diskOf(`/d${at}`)]));
    const networks = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`n${at}`, networkOf("user")]));
    const argv = argumentsOf(machineOf({ name: "m", machine, disks, networks }));
    const places = all(argv, "-device")
      .map((each) => Object.fromEntries(properties(each)))
      .filter(({ bus }) => bus !== undefined && bus !== null && !bus.startsWith("serial"))
      .map(({ bus, addr = "" }) => `${bus} ${addr}`);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBeGreaterThan(30);
  });

  it("end, and the refusal says so", () => {
    const disks = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`d${at}`, diskOf(`/d${at}`)]));
    expect(() => argumentsOf(machineOf({ name: "m", disks }))).toThrow(
      expect.objectContaining({ code: "E_MACHINE_SLOTS" }),
    );
  });
});

describe("the rest", () => {
  it("shares memory with a file server alone", () => {
    const plain = argumentsOf(machineOf({ name: "m", shares: { s: shareOf("/s") } }));
    expect(plain.join(" ")).not.toContain("memory-backend");
    const served = argumentsOf(machineOf({ name: "m", shares: { s: shareOf("/s", { kind: "virtiofs" }) } }));
    expect(all(served, "-object")).toContain(`memory-backend-memfd,id=memory,size=${256 << 20},share=on`);
    expect(all(served, "-machine")[0]).toContain("memory-backend=memory");
  });

  it("puts the variables of Secure Boot out of the kernel's reach", () => {
    const firmware = { code: "/c", format: "raw", variables: "/v", variablesFormat: "raw", secure: true } as const;
    const argv = argumentsOf(machineOf({ name: "m", firmware: "uefi", secure_boot: true }), { firmware });
    expect(all(argv, "-machine")[0]).toContain("smm=on,pflash0=firmware-code,pflash1=firmware-variables");
    expect(all(argv, "-global")).toEqual(["driver=cfi.pflash01,property=secure,value=on"]);
    expect(nodeOf(argv, "firmware-code")).toMatchObject({ "read-only": true });
  });

  it("says what a panic does", () => {
    const actions = (["pause", "poweroff", "ignore"] as const).map(
      (on_panic) => all(argumentsOf(machineOf({ name: "m", on_panic })), "-action")[0],
    );
    expect(actions).toEqual(["panic=pause", "panic=shutdown", "panic=none"]);
  });

  it("keeps a screen shut whose password is not at hand", () => {
    const shown = (kind: "vnc" | "spice", locked: boolean) =>
      all(
        argumentsOf(machineOf({ name: "m", graphics: { kind, listen: null, port: null, password: null, locked } })),
        `-${kind}`,
      )[0];
    expect([shown("vnc", true), shown("vnc", false)]).toEqual([
      expect.stringContaining("password=on"),
      expect.not.stringContaining("password"),
    ]);
    expect([shown("spice", true), shown("spice", false)]).toEqual([
      expect.not.stringContaining("disable-ticketing"),
      expect.stringContaining("disable-ticketing=on"),
    ]);
  });

  it("ends with the user's own arguments", () => {
    const extra_args = ["-device", "edu,id=x"];
    expect(argumentsOf(machineOf({ name: "m", extra_args })).slice(-2)).toEqual(extra_args);
  });

  it("refuses a share whose name no guest could mount", () => {
    const name = "s".repeat(32);
    const of = (kind: "9p" | "virtiofs") => () =>
      argumentsOf(machineOf({ name: "m", shares: { [name]: shareOf("/s", { kind }) } }));
    expect(of("9p")).toThrow(expect.objectContaining({ code: "E_SHARE_NAME" }));
    expect(of("virtiofs")).not.toThrow();
  });
});

it.each([
  ["tcg", 64, "tcg,tb-size=64"],
  ["tcg", 512, "tcg,tb-size=256"],
  ["tcg", 65536, "tcg,tb-size=512"],
  ["kvm", 512, "kvm"],
])(
  "%s with a guest of %d MiB keeps no more of what it translates than that guest can use",
  (accelerator, mib, told) => {
    const machine = machineOf({ name: "m", memory: mib * 2 ** 20 });
    expect(all(argumentsOf(machine, { accelerator: accelerator as Facts["accelerator"] }), "-accel")).toEqual([told]);
  },
);
