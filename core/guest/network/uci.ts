import type { Tree } from "../../filesystem/tree.ts";
import { merge, type NetworkConfig, type NetworkInterface, withPrefix } from "./network.ts";

const FILE = "/etc/config/network";
const LINE = /^\s*(config|option|list)\s+(?:"([^"]*)"|'([^']*)'|(\S+))(?:\s+(?:"([^"]*)"|'([^']*)'|(\S+)))?/;

/** UCI of OpenWrt. */
export async function readUci(tree: Tree): Promise<NetworkConfig | null> {
  const text = await tree.readText(FILE);
  if (text === null) return null;
  return { kind: "uci", files: [FILE], renderer: null, interfaces: merge(parseUci(text), tree) };
}

interface Section {
  readonly name: string;
  readonly options: Map<string, string[]>;
}

/**
 * Sections `interface`: their device, or the name of the section where they have none. One of type `bridge`, as before 21.02,
 * makes a bridge of its devices that is named after the section.
 */
export function parseUci(text: string): readonly NetworkInterface[] {
  return sectionsOf(text).flatMap(({ name, options }) => {
    const all = (key: string) => options.get(key) ?? [];
    const devices = [...all("device"), ...all("ifname")].flatMap((each) => each.split(/\s+/)).filter(Boolean);
    const dhcp = all("proto").some((proto) => proto.startsWith("dhcp"));
    const addresses = all("ipaddr")
      .flatMap((each) => each.split(/\s+/))
      .map((each) => withPrefix(each, all("netmask")[0]));
    const isBridge = all("type")[0] === "bridge";
    return (isBridge ? [`br-${name}`] : devices.length > 0 ? devices.slice(0, 1) : [name]).map((device) => ({
      name: device,
      dhcp,
      addresses: [...addresses, ...all("ip6addr")],
    }));
  });
}

function sectionsOf(text: string): readonly Section[] {
  const found: Section[] = [];
  let section: Section | null = null;
  for (const line of text.split("\n")) {
    const [, keyword, ...parts] = LINE.exec(line) ?? [];
    const key = parts.slice(0, 3).find((each) => each !== undefined);
    const value = parts.slice(3).find((each) => each !== undefined) ?? "";
    if (key === undefined) continue;
    if (keyword === "config") {
      section = key === "interface" ? { name: value, options: new Map() } : null;
      if (section) found.push(section);
    } else if (section) push(section.options, key, value, keyword === "list");
  }
  return found;
}

function push(options: Map<string, string[]>, key: string, value: string, isMore: boolean): void {
  const known = isMore ? options.get(key) : undefined;
  if (known) known.push(value);
  else options.set(key, [value]);
}
