import type { Tree } from "../../filesystem/tree.ts";
import { merge, type NetworkConfig, type NetworkInterface, withPrefix } from "./network.ts";

const FILE = "/etc/conf.d/net";
const CONFIG = /^[ \t]*config_(\w+)=(?:"([^"]*)"|'([^']*)'|\(([^()]*)\)|(\S*))/gm;

/** netifrc of Gentoo (/usr/share/doc/netifrc: net.example). */
export async function readNetifrc(tree: Tree): Promise<NetworkConfig | null> {
  const text = await tree.readText(FILE);
  if (text === null) return null;
  return { kind: "netifrc", files: [FILE], renderer: null, interfaces: merge(parseNetifrc(text), tree) };
}

/** `config_eth0="dhcp"`, or addresses: one a line, or words of a bash array. */
export function parseNetifrc(text: string): readonly NetworkInterface[] {
  return [...text.matchAll(CONFIG)].map(([, name = "", double, single, array, bare]) => {
    const lines = array !== undefined ? wordsOf(array) : (double ?? single ?? bare ?? "").split("\n");
    const entries = lines.map((line) => line.trim()).filter((line) => line !== "");
    return {
      name,
      dhcp: entries.some((entry) => /^dhcp/.test(entry)),
      addresses: entries.filter((entry) => /^[0-9a-f:.]+(?:\/\d+)?(?:\s|$)/i.test(entry)).map(addressOf),
    };
  });
}

const wordsOf = (array: string) =>
  [...array.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );

/** `10.0.0.2 netmask 255.255.255.0 brd 10.0.0.255`. */
function addressOf(entry: string): string {
  const [address = "", ...more] = entry.split(/\s+/);
  return withPrefix(address, more[0] === "netmask" ? more[1] : undefined);
}
