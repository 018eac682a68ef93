import type { Tree } from "../../filesystem/tree.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const MAIN = "/etc/network/interfaces";
const FOLDER = "/etc/network/interfaces.d";

/** interfaces(5); the files of interfaces.d count where the main file takes them in. */
export async function readIfupdown(tree: Tree): Promise<NetworkConfig | null> {
  const main = await tree.readText(MAIN);
  if (main === null) return null;
  const files = [MAIN];
  const found = [...parseInterfaces(main)];
  if (/^[ \t]*source(?:-directory)?[ \t]+\S*interfaces\.d/m.test(main)) {
    for (const name of await tree.names(FOLDER)) {
      const text = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name) ? await tree.readText(`${FOLDER}/${name}`) : null;
      if (text === null) continue;
      files.push(`${FOLDER}/${name}`);
      for (const each of parseInterfaces(text)) found.push(each);
    }
  }
  return { kind: "ifupdown", files, renderer: null, interfaces: merge(found, tree) };
}

/** `iface NAME FAMILY METHOD` and the addresses below it. */
export function parseInterfaces(text: string): readonly NetworkInterface[] {
  const found: { name: string; dhcp: boolean; addresses: string[] }[] = [];
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    const [keyword, first, , method] = line.trim().split(/\s+/);
    if (keyword === "iface" && first) found.push({ name: first, dhcp: method === "dhcp", addresses: [] });
    else if (keyword === "address" && first) found.at(-1)?.addresses.push(first);
  }
  return found;
}
