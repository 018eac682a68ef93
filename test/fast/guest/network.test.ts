import { describe, expect, it } from "vitest";
import { readNetwork } from "../../../core/guest/network/index.ts";
import { parseNetplan } from "../../../core/guest/network/netplan.ts";
import { parseProfile } from "../../../core/guest/network/network-manager.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

describe("network", () => {
  it("reads every kind there is", async () => {
    const tree = await memoryTree({
      "/etc/network/interfaces": "auto lo\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n",
      "/etc/network/interfaces.d/eth0": "iface eth0 inet dhcp\niface eth0 inet6 static\n  address 2001:db8::2/64\n",
      "/etc/systemd/network/10-x.network": "[Match]\nName=en* eth1\n[Network]\nDHCP=ipv4\nAddress=10.0.0.2/24\n",
      "/etc/systemd/network/10-x.netdev": "[NetDev]\nName=x\n",
    });
    expect(await readNetwork(tree)).toEqual([
      {
        kind: "ifupdown",
        files: ["/etc/network/interfaces", "/etc/network/interfaces.d/eth0"],
        renderer: null,
        interfaces: [
          { name: "lo", dhcp: false, addresses: [] },
          { name: "eth0", dhcp: true, addresses: ["2001:db8::2/64"] },
        ],
      },
      {
        kind: "networkd",
        files: ["/etc/systemd/network/10-x.network"],
        renderer: null,
        interfaces: [
          { name: "en*", dhcp: true, addresses: ["10.0.0.2/24"] },
          { name: "eth1", dhcp: true, addresses: ["10.0.0.2/24"] },
        ],
      },
    ]);
  });

  it("reads netplan as cloud-init and installers write it", () => {
    const text = `# written by cloud-init
network:
  version: 2
  renderer: NetworkManager
  ethernets:
    ens3:
      match: {macaddress: "52:54:00:00:00:01"}
      dhcp4: true
      dhcp4-overrides:
        dhcp6: true
      nameservers:
        addresses: [1.1.1.1]
    "ens4":
      addresses:
      - 10.0.0.5/24
      - "2001:db8::5/64"
      routes:
        - to: default
          via: 10.0.0.1
    ens5:
      addresses: [10.1.0.5/24, 10.1.0.6/24]
  bridges:
    br0: {}
`;
    expect(parseNetplan(text)).toEqual({
      renderer: "NetworkManager",
      interfaces: [
        { name: "ens3", dhcp: true, addresses: [] },
        { name: "ens4", dhcp: false, addresses: ["10.0.0.5/24", "2001:db8::5/64"] },
        { name: "ens5", dhcp: false, addresses: ["10.1.0.5/24", "10.1.0.6/24"] },
        { name: "br0", dhcp: false, addresses: [] },
      ],
    });
  });

  it("reads netplan in flow style, as JSON and over lines as well", () => {
    const eth0 = { name: "eth0", dhcp: true, addresses: ["10.0.0.5/24", "2001:db8::5/64"] };
    const texts = [
      `network: {version: 2, renderer: networkd, ethernets: {eth0: {dhcp4: yes, addresses: [10.0.0.5/24, "2001:db8::5/64"]}}}`,
      `network:\r\n  renderer: networkd\r\n  ethernets:\r\n    eth0: {dhcp4: true, # note\r\n      addresses: [10.0.0.5/24,\r\n  2001:db8::5/64],\r\n      match: {name: "a,}b"}}\r\n`,
      `{"network":{"version":2,"renderer":"networkd","ethernets":{"eth0":{"addresses":["10.0.0.5/24",{"2001:db8::5/64":{"lifetime":0}}],"dhcp4":true}}}}`,
    ];
    for (const text of texts) expect(parseNetplan(text), text).toEqual({ renderer: "networkd", interfaces: [eth0] });
  });

  it("passes over hidden files, as the programs do", async () => {
    const interfaces = { "/etc/network/interfaces": "source /etc/network/interfaces.d/*\n" };
    const hidden = {
      "/etc/netplan/.50.yaml": "network:\n  ethernets:\n    no: {}\n",
      "/etc/systemd/network/.x.network": "[Match]\nName=no\n",
      "/etc/network/interfaces.d/.x": "iface no inet dhcp\n",
    };
    expect(JSON.stringify(await readNetwork(await memoryTree({ ...interfaces, ...hidden })))).not.toContain('"no"');
    expect(await readNetwork(await memoryTree(hidden))).toEqual([]);
  });

  it("takes names and addresses alone from NetworkManager's profiles", () => {
    const text =
      "[connection]\ninterface-name=wlan0\n[wifi-security]\npsk=hidden\n[ipv4]\nmethod=auto\naddress1=10.0.0.3/24,10.0.0.1\n";
    expect(parseProfile(text)).toEqual([{ name: "wlan0", dhcp: true, addresses: ["10.0.0.3/24"] }]);
  });
});
