import type { Tree } from "../../filesystem/tree.ts";
import { childOf, localName, parseXml, textOf, type XmlElement } from "../../kit/xml.ts";
import { ifcfgIn } from "./ifcfg.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const IFCFG = "/etc/sysconfig/network";
const XML = "/etc/wicked/ifconfig";

/** wicked of SUSE: its ifcfg files (ifcfg(5)) and its own XML. */
export async function readWicked(tree: Tree): Promise<NetworkConfig | null> {
  const { files, interfaces } = await ifcfgIn(tree, IFCFG);
  const [read, found] = [[...files], [...interfaces]];
  for (const name of await tree.names(XML)) {
    const text = name.endsWith(".xml") ? await tree.readText(`${XML}/${name}`) : null;
    if (text === null) continue;
    read.push(`${XML}/${name}`);
    for (const each of parseWicked(text)) found.push(each);
  }
  return read.length > 0 ? { kind: "wicked", files: read, renderer: null, interfaces: merge(found, tree) } : null;
}

/** Elements `interface`, of which a file may have several beside one another. */
export function parseWicked(text: string): readonly NetworkInterface[] {
  const root = parseXml(`<all>${text.replace(/<\?xml[^<>]*\?>/, "")}</all>`);
  const tops = root.children.flatMap((each) => (each.name === "interface" ? [each] : each.children));
  return tops.flatMap((each) => {
    const name = each.name === "interface" ? textOf(each, "name") : "";
    return name === ""
      ? []
      : [{ name, dhcp: each.children.some(isDhcp), addresses: each.children.flatMap(addressesOf) }];
  });
}

/** `ipv4:dhcp`, `ipv6:dhcp`. */
const isDhcp = (element: XmlElement) =>
  localName(element.name) === "dhcp" && !/^(?:false|no|off|0)$/.test(textOf(element, "enabled"));

/** `ipv4:static`, `ipv6:static`. */
function addressesOf(element: XmlElement): readonly string[] {
  if (localName(element.name) !== "static") return [];
  const own = element.children.filter(({ name }) => name === "address");
  return own.flatMap((each) => (childOf(each, "local") ? [textOf(each, "local")] : []));
}
