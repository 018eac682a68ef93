import { describe, expect, it } from "vitest";
import { hostForward, userNetwork } from "../../../core/lifecycle/arguments/user-network.ts";
import { expectForwards, pickForwards } from "../../../core/lifecycle/ports/ports.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import { hostsOf, linkAddresses, linkSockets } from "../../../core/machine/links.ts";
import type { Network } from "../../../core/machine/machine.ts";
import { macOf, macsOf } from "../../../core/machine/macs.ts";
import { userGateway } from "../../../core/qemu/options/user-subnet.ts";
import { machineOf, networkOf } from "../../support/machine.ts";
import { fc } from "../../support/property.ts";

const settings = { dataDir: "/d", cacheDir: "/c", runtimeDir: "/r", mirror: null };
const FORWARD = { guest_port: 22, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" } as const;
const name = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,20}[A-Za-z0-9])?$/);

describe("a hardware address", () => {
  it("is made of names, in QEMU's own range", () => {
    const mac = macOf("web", "lan", networkOf("user"));
    expect(mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(macOf("web", "lan", networkOf("tap"))).toBe(mac);
    expect(macOf("web", "wan", networkOf("user"))).not.toBe(mac);
    expect(macOf("db", "lan", networkOf("user"))).not.toBe(mac);
  });

  it("is the declared one where there is one, and that of the default network", () => {
    const machine = machineOf({ name: "web", networks: { lan: networkOf("user", { mac: "AA:BB:CC:00:11:22" }) } });
    expect(macsOf(machine)).toEqual({ lan: "aa:bb:cc:00:11:22" });
    expect(Object.keys(macsOf({ ...machine, networks: null }))).toEqual(["default"]);
  });
});

describe("a link", () => {
  const end = (own: string, peer: string) =>
    machineOf({ name: own, networks: { x: networkOf("user"), back: networkOf("link", { peer }) } });

  it("is computed alike on both sides, whatever they are called", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        const [here, there] = [
          linkSockets(end(one, other), "back", settings),
          linkSockets(end(other, one), "back", settings),
        ];
        expect([here.own, here.peer]).toEqual([there.peer, there.own]);
        expect(here.own).not.toBe(here.peer);
        const [mine, its] = [linkAddresses(end(one, other), "back"), linkAddresses(end(other, one), "back")];
        expect([mine.own, mine.peer]).toEqual([its.peer, its.own]);
        expect(mine.own).toMatch(/^10\.(20[89]|21\d|22[0-3])\.\d+\.\d+\/30$/);
        expect(mine.own).not.toBe(mine.peer);
        expect(hostsOf(end(one, other))).toEqual({ [other]: its.own.split("/")[0] });
      }),
    );
  });

  it("is another one for another pair, another cable, another data folder", () => {
    const socket = (own: string, peer: string, at = settings) => linkSockets(end(own, peer), "back", at).own;
    expect(socket("a", "b")).not.toBe(socket("a", "c"));
    expect(socket("a", "b")).not.toBe(socket("a", "b", { ...settings, dataDir: "/other" }));
    const twice = machineOf({
      name: "a",
      networks: { one: networkOf("link", { peer: "b" }), two: networkOf("link", { peer: "b" }) },
    });
    expect(linkSockets(twice, "one", settings).own).not.toBe(linkSockets(twice, "two", settings).own);
    expect(linkAddresses(twice, "one").own).not.toBe(linkAddresses(twice, "two").own);
  });

  it("needs a peer that is another machine", () => {
    for (const peer of [null, "a"]) {
      const machine = machineOf({ name: "a", networks: { l: networkOf("link", { peer }) } });
      expect(() => linkSockets(machine, "l", settings)).toThrow(expect.objectContaining({ code: "E_NETWORK_PEER" }));
    }
  });

  it("has the declared addresses where there are some", () => {
    const machine = machineOf({
      name: "a",
      networks: { l: networkOf("link", { peer: "b", addresses: ["192.168.7.1/24"] }) },
    });
    expect(linkAddresses(machine, "l")).toEqual({ own: "192.168.7.1/24", peer: null });
    expect(hostsOf(machine)).toEqual({});
  });
});

describe("QEMU's own NAT", () => {
  const card = (given: Partial<Network>, host_address = "127.0.0.1") => {
    const forward = { ...FORWARD, network: "lan", name: "ssh", host_port: 2222, host_address } as const;
    const facts = { accelerator: "tcg", machineType: "q35", firmware: null, disks: {}, cdroms: {} } as const;
    const subject = {
      ...{ machine: machineOf({ name: "m" }), folder: machineFolder("m", settings), settings },
      facts: { ...facts, forwards: [forward], screenPort: null, screenPassword: null },
    };
    return userNetwork({ id: "net-lan", key: "lan", network: networkOf("user", given), subject });
  };

  it("forwards to whatever address the guest gets", () => {
    expect(card({})).toBe("user,id=net-lan,hostfwd=tcp:127.0.0.1:2222-:22");
    expect(card({ isolated: true })).toContain("restrict=on");
  });

  it("gives a declared address to the guest, and takes others for itself", () => {
    expect(card({ addresses: ["fd00::2/64", "10.1.2.30/24"] })).toContain(
      "net=10.1.2.0/24,host=10.1.2.1,dns=10.1.2.2,dhcpstart=10.1.2.30",
    );
    expect(userGateway(["10.0.0.1/24"])).toEqual({ gateway: "10.0.0.2", dns: "10.0.0.3" });
    expect(userGateway(["10.0.0.2/24"])).toEqual({ gateway: "10.0.0.1", dns: "10.0.0.3" });
    expect(userGateway([])).toBeNull();
  });

  it("listens on IPv4 addresses alone", () => {
    for (const address of ["::1", "localhost", "127.0.0.1:1-:2,hostfwd=tcp"]) {
      expect(() => card({}, address)).toThrow(expect.objectContaining({ code: "E_FORWARD_ADDRESS" }));
    }
    const given = {
      ...FORWARD,
      network: "n",
      name: "x",
      protocol: "udp",
      host_address: "0.0.0.0",
      host_port: 53,
    } as const;
    expect(hostForward(given)).toBe("udp:0.0.0.0:53-:22");
  });
});

describe("a free port", () => {
  const machine = machineOf({
    name: "m",
    networks: { lan: networkOf("user", { forwards: { ssh: FORWARD, web: { ...FORWARD, guest_port: 80 } } }) },
  });

  it("is the same without any memory, and another for each forward", async () => {
    const expected = expectForwards(machine, []);
    expect(new Set(expected.map(({ host_port }) => host_port)).size).toBe(2);
    expect(expected.every(({ host_port }) => host_port >= 20_000 && host_port < 30_000)).toBe(true);
    expect(await pickForwards(machine, [])).toHaveLength(2);
  });

  it("stays what it was", async () => {
    const [first] = await pickForwards(machine, []);
    const kept = [
      { ...FORWARD, network: "lan", name: "web", guest_port: 80, host_port: (first?.host_port ?? 0) + 7_001 },
    ];
    expect((await pickForwards(machine, kept)).find((each) => each.name === "web")).toEqual(kept[0]);
    expect(expectForwards(machine, kept).find((each) => each.name === "web")).toEqual(kept[0]);
  });
});
