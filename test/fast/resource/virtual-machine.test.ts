import { describe, expect, it } from "vitest";
import { contractOf } from "../../../core/model/index.ts";
import { UNKNOWN, type ValueObject } from "../../../core/model/value.ts";
import { createEngine } from "../../../core/resource/index.ts";

const engine = createEngine();
const contract = contractOf("virtual_machine", "resource");
const disk = { image: "/images/web.qcow2" };
const data = { image: "/images/data.qcow2" };

const faults = async (more: ValueObject): Promise<readonly string[]> => {
  const found = await engine.validate(contract, { name: "web", ...more });
  return found.map(({ code, path }) => `${code} ${path.join(".")}`);
};

describe("a machine's declaration", () => {
  const cases: readonly (readonly [string, ValueObject, readonly string[]])[] = [
    ["nothing but a name", {}, []],
    [
      "a size of a disk that is no overlay",
      { disks: { root: { ...disk, size: "8G" } } },
      ["E_DISK_SIZE disks.root.size"],
    ],
    ["IDE on q35", { disks: { root: { ...disk, bus: "ide" } } }, ["E_DISK_BUS disks.root.bus"]],
    ["IDE on pc", { machine: "pc", disks: { root: { ...disk, bus: "ide" } } }, []],
    [
      "a read-only disk on a bus that knows none",
      { disks: { root: { ...disk, bus: "nvme", read_only: true } } },
      ["E_DISK_READ_ONLY disks.root.read_only"],
    ],
    [
      "an overlay that is only read",
      { disks: { root: { ...disk, overlay: true, read_only: true } } },
      ["E_DISK_OVERLAY disks.root.overlay"],
    ],
    ["several disks of which none is the first", { disks: { a: disk, b: data } }, ["W_BOOT_ORDER disks"]],
    ["several disks with the first named root", { disks: { a: data, root: disk } }, []],
    ["several disks with a declared first", { disks: { a: disk, b: { ...data, boot_order: 1 } } }, []],
    ["several disks beside a base, which is root", { base: "/b", disks: { a: disk, b: data } }, []],
    ["an image on two disks that write to it", { disks: { root: disk, b: disk } }, ["E_DISK_SHARED disks.b.image"]],
    [
      "the same path spelled otherwise",
      { disks: { a: { ...disk, boot_order: 1 }, b: { image: "/images//./web.qcow2" } } },
      ["E_DISK_SHARED disks.b.image"],
    ],
    [
      "an image that is written to and read, in a drive and below an overlay",
      {
        disks: { root: disk, b: { ...disk, read_only: true }, c: { ...disk, overlay: true } },
        cdroms: { d: { image: disk.image } },
      },
      ["E_DISK_SHARED disks.b.image", "E_DISK_SHARED disks.c.image", "E_DISK_SHARED cdroms.d.image"],
    ],
    ["a base that a disk writes to", { base: disk.image, disks: { b: disk } }, ["E_DISK_SHARED base"]],
    ["a base that is copied whole", { base: disk.image, backing_file: false, disks: { b: disk } }, []],
    [
      "an image that nothing writes to",
      {
        disks: { root: { ...disk, overlay: true }, b: { ...disk, overlay: true }, c: { ...disk, read_only: true } },
      },
      [],
    ],
    ["an image whose writes are forgotten", { snapshot_mode: true, disks: { root: disk, b: disk } }, []],
    ["images that are not known yet", { disks: { root: { image: UNKNOWN }, b: { image: UNKNOWN } } }, []],
    ["a name that no QEMU id takes", { shares: { "a b": { path: "/srv" } } }, ["E_NAME shares.a b"]],
    ["the seed's own drive", { cdroms: { "cloud-init": {} } }, ["E_NAME cdroms.cloud-init"]],
    ["a link without a peer", { networks: { a: { kind: "link" } } }, ["E_NETWORK_INCOMPLETE networks.a.peer"]],
    ["a link to itself", { networks: { a: { kind: "link", peer: "web" } } }, ["E_NETWORK_PEER networks.a.peer"]],
    [
      "forwards where there are none",
      { networks: { a: { kind: "tap", tap: "tap0", forwards: { ssh: { guest_port: 22 } } } } },
      ["E_NETWORK_FORWARDS networks.a.forwards"],
    ],
    [
      "a port of the host twice",
      {
        networks: {
          a: { forwards: { one: { guest_port: 80, host_port: 8080 } } },
          b: { forwards: { two: { guest_port: 81, host_port: 8080 } } },
        },
      },
      ["E_FORWARD_TWICE networks.b.forwards.two.host_port"],
    ],
    ["picked ports never clash", { networks: { a: { forwards: { x: { guest_port: 1 }, y: { guest_port: 2 } } } } }, []],
    [
      "an address without its prefix",
      { networks: { a: { addresses: ["10.0.0.2"] } } },
      ["E_NETWORK_ADDRESS networks.a.addresses"],
    ],
    ["a command line without a kernel", { cmdline: "quiet" }, ["E_KERNEL_MISSING cmdline"]],
    ["secure boot by BIOS", { secure_boot: true, firmware: "bios" }, ["E_SECURE_BOOT secure_boot"]],
    ["more balloon than memory", { memory: "1G", balloon: "2G" }, ["E_BALLOON balloon"]],
    ["a port to wait for, unnamed", { wait_for: [{ condition: "port" }] }, ["E_WAIT_PORT wait_for.0.port"]],
    ["a text to wait for, untold", { wait_for: [{ condition: "console" }] }, ["E_WAIT_TEXT wait_for.0.text"]],
    ["a step with nothing to run", { provision: [{ name: "a" }] }, ["E_PROVISION_SOURCE provision.0"]],
    [
      "a step with two sources",
      { provision: [{ name: "a", file: "/a", inline: ["b"] }] },
      ["E_PROVISION_SOURCE provision.0"],
    ],
    [
      "SSH by a network that is not there",
      { networks: { a: {} }, ssh: { network: "b" } },
      ["E_SSH_NETWORK ssh.network"],
    ],
    ["a user who is an option of ssh's", { ssh: { user: "-oProxyCommand=x" } }, ["E_USER_NAME ssh.user"]],
    [
      "a user who is another line of a configuration",
      { provision: [{ name: "a", inline: ["true"], user: "a\nb" }] },
      ["E_USER_NAME provision.0.user"],
    ],
    ["a password for no screen", { graphics: { password: "x" } }, ["E_GRAPHICS_KIND graphics.password"]],
    ["a template beside a base", { template_vm: "a", base: "/b" }, ["E_FIELD_CONFLICT base"]],
    ["a template that is the machine itself", { template_vm: "web" }, ["E_TEMPLATE_CIRCLE template_vm"]],
    ["a template outside of the machines' folder", { template_vm: "../web" }, ["E_TEMPLATE_NAME template_vm"]],
    ["a root beside a base", { base: "/b", disks: { root: disk } }, ["E_TEMPLATE_DISK_TAKEN disks.root"]],
    ["a rule that is none", { preflight_rules: { P_NONE: "off" } }, ["E_PREFLIGHT_RULE preflight_rules.P_NONE"]],
  ];

  it.each(cases)("%s", async (_, declared, expected) => {
    expect(await faults(declared)).toEqual(expected);
  });

  it("says nothing of what is not known yet", async () => {
    const declared: ValueObject = {
      disks: { root: { image: UNKNOWN, size: UNKNOWN, bus: "virtio" } },
      networks: UNKNOWN,
      memory: UNKNOWN,
    };
    expect(await faults(declared)).toEqual([]);
  });
});

describe("a machine's plan", () => {
  const declared = {
    name: "web",
    disks: { root: { ...disk, overlay: true, size: "8G" } },
    networks: { lan: { forwards: { http: { guest_port: 80, host_port: 8080 } } } },
  };
  /** What would be there after an apply, running. */
  const there = async (): Promise<ValueObject> => {
    const { planned } = await engine.plan(contract, null, declared);
    const outputs = Object.fromEntries(contract.output.map(({ name }) => [name, null]));
    return { ...planned, ...outputs, firmware: "bios", wait_for: [], drift: [] };
  };
  const change = async (more: ValueObject) => engine.plan(contract, await there(), { ...declared, ...more });

  it("foresees the hardware addresses, by the names alone", async () => {
    const { planned } = await engine.plan(contract, null, declared);
    expect(planned?.macs).toEqual({ lan: expect.stringMatching(/^52:54:00(:[0-9a-f]{2}){3}$/) });
    expect(planned).toMatchObject({ firmware: UNKNOWN, wait_for: UNKNOWN, status: UNKNOWN });
  });

  it("changes forwards in place, and announces nothing", async () => {
    const plan = await change({ networks: { lan: { forwards: { http: { guest_port: 80, host_port: 8081 } } } } });
    expect(plan).toMatchObject({ action: "update", diagnostics: [], changes: [{ policy: "live" }] });
    expect(plan.planned?.forwards).toBe(UNKNOWN);
  });

  it("restarts for another memory size, and says so", async () => {
    const plan = await change({ memory: "2G" });
    expect(plan.action).toBe("update");
    expect(plan.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["W_RESTART", "warning"]]);
  });

  it("replaces a machine whose overlay is to lie over another image", async () => {
    const plan = await change({ disks: { root: { ...declared.disks.root, image: "/images/other.qcow2" } } });
    expect(plan.action).toBe("replace");
    expect(plan.diagnostics.map(({ message }) => message).join()).toMatch(/own copy of disks.root is thrown away/);
  });

  it("grows an overlay, and refuses to shrink it", async () => {
    const sized = (size: string) => change({ disks: { root: { ...declared.disks.root, size } } });
    expect(await sized("9G")).toMatchObject({ action: "update", diagnostics: [] });
    expect((await sized("7G")).diagnostics.map(({ code }) => code)).toContain("E_SHRINK");
    expect(await sized("8192M")).toMatchObject({ action: "none" });
  });

  it("grows one whose writes are forgotten by a restart, and refuses to shrink it all the same", async () => {
    const sized = async (size: string) => {
      const disks = { root: { ...declared.disks.root, size } };
      const prior = { ...(await there()), snapshot_mode: true };
      const { diagnostics } = await engine.plan(contract, prior, { ...declared, snapshot_mode: true, disks });
      return diagnostics.map(({ code }) => code);
    };
    expect(await sized("9G")).toEqual(["W_RESTART"]);
    expect(await sized("7G")).toContain("E_SHRINK");
  });

  it("leaves open who logs in where what tells it changes, and nowhere else", async () => {
    const ssh = { port: 22, user: null };
    const prior = { ...(await there()), ssh: { ...ssh, private_key: null, network: null } };
    const user = async (more: ValueObject) => {
      const { planned } = await engine.plan(contract, prior, { ...declared, ssh, ...more });
      return (planned as { readonly ssh: ValueObject }).ssh.user;
    };
    expect(await user({ cloud_init: { users: { a: {} } } })).toBe(UNKNOWN);
    expect(await user({ memory: "2G" })).toBeNull();
  });

  it("says that copies of disks go, by replacement or at the next start, where they were kept", async () => {
    const plan = async (before: ValueObject, after: ValueObject) => {
      const { action, diagnostics } = await engine.plan(
        contract,
        { ...(await there()), ...before },
        { ...declared, ...after },
      );
      return { action, said: diagnostics.filter(({ code }) => code === "W_ADOPTED").map(({ message }) => message) };
    };
    expect(await plan({}, { recreate_overlay: "always" })).toEqual({
      action: "update",
      said: [expect.stringContaining("at its next start")],
    });
    const kept = { template_vm: "a", recreate_overlay: "never" };
    expect(await plan(kept, { ...kept, template_vm: "b" })).toEqual({ action: "replace", said: [expect.anything()] });
    expect(await plan({ template_vm: "a" }, { template_vm: "b" })).toEqual({ action: "update", said: [] });
  });

  it("tells of a base that was upgraded, and whether this plan takes it up", async () => {
    const said = async (before: ValueObject, more: ValueObject = {}) => {
      const prior = { ...(await there()), template_upgraded: true, ...before };
      const { diagnostics } = await engine.plan(contract, prior, { ...declared, ...more });
      return diagnostics.flatMap(({ code, message }) => (code === "W_TEMPLATE_UPGRADED" ? [message] : [])).join();
    };
    expect(await said({})).toMatch(/its next start takes it up, it runs on/);
    expect(await said({ running: false })).toMatch(/made anew at this start/);
    expect(await said({ running: false }, { running: false })).toMatch(/it stands still/);
    expect(await said({}, { memory: "2G" })).toMatch(/made anew at this start/);
    expect(await said({ template_upgraded: false })).toBe("");
  });

  it("replaces for another name", async () => {
    expect((await engine.plan(contract, await there(), { ...declared, name: "db" })).action).toBe("replace");
  });
});
