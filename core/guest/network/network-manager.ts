import type { Tree } from "../../filesystem/tree.ts";
import { parseIni } from "./ini.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const FOLDER = "/etc/NetworkManager/system-connections";

/** Connection profiles; their secrets are not looked at. */
export async function readNetworkManager(tree: Tree): Promise<NetworkConfig | null> {
  const names = (await tree.names(FOLDER)).filter((name) => !name.startsWith("."));
  const found: NetworkInterface[] = [];
  for (const name of names) {
    const text = await tree.readText(`${FOLDER}/${name}`);
    for (const each of text ? parseProfile(text) : []) found.push(each);
  }
  const files = names.map((name) => `${FOLDER}/${name}`);
  return files.length > 0 ? { kind: "networkmanager", files, renderer: null, interfaces: merge(found, tree) } : null;
}

export function parseProfile(text: string): readonly NetworkInterface[] {
  const ini = parseIni(text);
  const names = ini.filter(([section, key]) => section === "connection" && key === "interface-name");
  const ip = ini.filter(([section]) => section === "ipv4" || section === "ipv6");
  const dhcp = ip.some(([section, key, value]) => section === "ipv4" && key === "method" && value === "auto");
  const addresses = ip.filter(([, key]) => /^address\d*$/.test(key)).map(([, , value]) => value.split(",")[0] ?? value);
  return names.map(([, , name]) => ({ name, dhcp, addresses }));
}
