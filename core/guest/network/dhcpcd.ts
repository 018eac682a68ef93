import type { Tree } from "../../filesystem/tree.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const FILE = "/etc/dhcpcd.conf";

/** dhcpcd.conf(5): every interface that nothing is said of comes by DHCP. */
export async function readDhcpcd(tree: Tree): Promise<NetworkConfig | null> {
  const text = await tree.readText(FILE);
  if (text === null) return null;
  return { kind: "dhcpcd", files: [FILE], renderer: null, interfaces: merge(parseDhcpcd(text), tree) };
}

/** Blocks of `interface`, and `*` for all others, or those that `allowinterfaces` names. */
export function parseDhcpcd(text: string): readonly NetworkInterface[] {
  const found: { name: string; dhcp: boolean; addresses: string[] }[] = [];
  let others = ["*"];
  let block: (typeof found)[number] | null = null;
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [, address] = /^ip6?_address=(.+)$/.exec(values[0] ?? "") ?? [];
    if (keyword === "interface" && values[0]) {
      block = { name: values[0], dhcp: true, addresses: [] };
      found.push(block);
    } else if (keyword === "allowinterfaces") others = values;
    else if (keyword === "ssid" || keyword === "profile") block = null;
    else if (block && keyword === "static" && address !== undefined) {
      block.addresses.push(address);
      block.dhcp &&= (values[0] ?? "").startsWith("ip6");
    } else if (block && /^(?:nodhcp|noipv4|inform|static)$/.test(keyword ?? "") && keyword !== "static")
      block.dhcp = false;
  }
  const own = new Set(found.map(({ name }) => name));
  const further = others.filter((name) => !own.has(name));
  return [...found, ...further.map((name) => ({ name, dhcp: true, addresses: [] }))];
}
