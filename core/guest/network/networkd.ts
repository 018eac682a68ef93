import type { Tree } from "../../filesystem/tree.ts";
import { parseIni } from "./ini.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const FOLDER = "/etc/systemd/network";

/** systemd.network(5) files of the administrator. */
export async function readNetworkd(tree: Tree): Promise<NetworkConfig | null> {
  const names = (await tree.names(FOLDER)).filter((name) => /^[^.].*\.network$/s.test(name));
  const found: NetworkInterface[] = [];
  for (const name of names) {
    const text = await tree.readText(`${FOLDER}/${name}`);
    for (const each of text ? parseNetwork(text) : []) found.push(each);
  }
  const files = names.map((name) => `${FOLDER}/${name}`);
  return files.length > 0 ? { kind: "networkd", files, renderer: null, interfaces: merge(found, tree) } : null;
}

export function parseNetwork(text: string): readonly NetworkInterface[] {
  const ini = parseIni(text);
  const all = (wanted: string) => ini.filter(([section, key]) => `${section}.${key}` === wanted).map(([, , v]) => v);
  const names = all("Match.Name").flatMap((value) => value.split(/\s+/));
  const dhcp = all("Network.DHCP").some((value) => !/^(?:no|false|off|0|none)$/i.test(value));
  const addresses = [...all("Network.Address"), ...all("Address.Address")];
  return names.map((name) => ({ name, dhcp, addresses }));
}
