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

describe("further kinds of network configuration", () => {
  const read = async (files: Readonly<Record<string, string>>) =>
    (await readNetwork(await memoryTree(files))).map(({ kind, interfaces }) => [
      kind,
      ...interfaces.map(({ name, dhcp, addresses }) => [name, dhcp ? "dhcp" : "-", ...addresses].join(" ")),
    ]);

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "ifcfg of Red Hat",
      {
        "/etc/sysconfig/network-scripts/ifcfg-lo": "DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\n",
        "/etc/sysconfig/network-scripts/ifcfg-System_eth0":
          'DEVICE="eth0"\nBOOTPROTO=none\nIPADDR=10.0.0.2\nPREFIX=24\nIPADDR1=10.0.1.2\nNETMASK1=255.255.254.0\nIPV6INIT=yes\nIPV6ADDR=2001:db8::2/64\n',
        "/etc/sysconfig/network-scripts/ifcfg-eth1": "BOOTPROTO=dhcp # later\n",
        "/etc/sysconfig/network-scripts/ifcfg-eth1.bak": "BOOTPROTO=none\n",
        "/etc/sysconfig/network-scripts/ifup-eth": "IPADDR=1\n",
      },
      ["ifcfg", "eth0 - 10.0.0.2/24 10.0.1.2/23 2001:db8::2/64", "eth1 dhcp", "lo - 127.0.0.1/8"],
    ],
    [
      "wicked of SUSE",
      {
        "/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp4'\nSTARTMODE='auto'\n",
        "/etc/sysconfig/network/ifcfg-eth1":
          "BOOTPROTO='static'\nIPADDR='10.0.0.3/24'\nIPADDR_1='10.0.0.4'\nPREFIXLEN_1='25'\n",
        "/etc/sysconfig/network/ifcfg.template": "BOOTPROTO='dhcp'\n",
        "/etc/sysconfig/network/config": "A=b\n",
        "/etc/wicked/ifconfig/net.xml":
          '<?xml version="1.0"?>\n<interface origin="x"><name>eth2</name><ipv4:static><address><local>10.0.2.2/24</local></address></ipv4:static></interface>\n<interface><name>eth3</name><ipv6:dhcp><enabled>true</enabled></ipv6:dhcp><ipv4:dhcp><enabled>false</enabled></ipv4:dhcp></interface>\n',
      },
      ["wicked", "eth0 dhcp", "eth1 - 10.0.0.3/24 10.0.0.4/25", "eth2 - 10.0.2.2/24", "eth3 dhcp"],
    ],
    [
      "dhcpcd",
      {
        "/etc/dhcpcd.conf":
          "hostname\ninterface eth0\nstatic ip_address=192.168.0.10/24\nstatic routers=192.168.0.1\ninterface eth1\nstatic ip6_address=2001:db8::9/64\ninterface eth2\nnodhcp\n",
      },
      ["dhcpcd", "eth0 - 192.168.0.10/24", "eth1 dhcp 2001:db8::9/64", "eth2 -", "* dhcp"],
    ],
    [
      "dhcpcd of some interfaces alone",
      { "/etc/dhcpcd.conf": "allowinterfaces eth0 eth1\ninterface eth0\nstatic ip_address=192.168.0.10/24\n" },
      ["dhcpcd", "eth0 - 192.168.0.10/24", "eth1 dhcp"],
    ],
    [
      "UCI of OpenWrt before 21.02",
      {
        "/etc/config/network":
          "config interface 'lan'\n\toption type 'bridge'\n\toption ifname 'eth0.1 eth0.2'\n\toption ipaddr '192.168.1.1'\n\toption netmask '255.255.255.0'\n",
      },
      ["uci", "br-lan - 192.168.1.1/24"],
    ],
    [
      "UCI of OpenWrt",
      {
        "/etc/config/network":
          "config device\n\toption name 'br-lan'\n\tlist ports 'eth0'\n\nconfig interface 'lan'\n\toption device 'br-lan'\n\toption proto 'static'\n\toption ipaddr '192.168.1.1'\n\toption netmask '255.255.255.0'\n\nconfig interface 'wan'\n\toption ifname eth1\n\toption proto \"dhcp\"\n\nconfig interface 'vpn'\n\tlist ipaddr '10.9.0.1/24'\n\tlist ipaddr '10.9.1.1/24'\n",
      },
      ["uci", "br-lan - 192.168.1.1/24", "eth1 dhcp", "vpn - 10.9.0.1/24 10.9.1.1/24"],
    ],
    [
      "netifrc of Gentoo",
      {
        "/etc/conf.d/net":
          '# config_eth9="dhcp"\nconfig_eth0="192.168.0.2 netmask 255.255.255.0 brd 192.168.0.255\n2001:db8::2/64"\nroutes_eth0="default via 192.168.0.1"\nconfig_eth1="dhcp"\nconfig_eth2=( "10.0.0.1/8" )\n',
      },
      ["netifrc", "eth0 - 192.168.0.2/24 2001:db8::2/64", "eth1 dhcp", "eth2 - 10.0.0.1/8"],
    ],
    [
      "netctl of Arch",
      {
        "/etc/netctl/office":
          "Interface=eth0\nConnection=ethernet\nIP=static\nAddress=('10.1.10.2/24' \"192.168.1.2/24\")\nGateway='10.1.10.1'\n",
        "/etc/netctl/home": "Interface=wlan0 # wifi\nKey='secret'\nIP=dhcp\n",
        "/etc/netctl/examples/x": "Interface=eth9\n",
      },
      ["netctl", "wlan0 dhcp", "eth0 - 10.1.10.2/24 192.168.1.2/24"],
    ],
  ])("is that of %s", async (_, files, told) => {
    expect(await read(files)).toEqual([told]);
  });
});
