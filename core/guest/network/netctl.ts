import type { Tree } from "../../filesystem/tree.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

const FOLDER = "/etc/netctl";
/** A list has no list in it: one that is not closed ends the search for its end at the next. */
const LINE = /^[ \t]*(\w+)=(?:\(([^()]*)\)|(.*))/gm;

/** Profiles of Arch's netctl (netctl.profile(5)); their keys are not looked at. */
export async function readNetctl(tree: Tree): Promise<NetworkConfig | null> {
  const files: string[] = [];
  const found: NetworkInterface[] = [];
  for (const name of await tree.names(FOLDER)) {
    const text = name.startsWith(".") ? null : await tree.readText(`${FOLDER}/${name}`);
    if (text === null) continue;
    files.push(`${FOLDER}/${name}`);
    for (const each of parseNetctl(text)) found.push(each);
  }
  return files.length > 0 ? { kind: "netctl", files, renderer: null, interfaces: merge(found, tree) } : null;
}

export function parseNetctl(text: string): readonly NetworkInterface[] {
  const all = new Map([...text.matchAll(LINE)].map(([, key = "", list, value]) => [key, wordsOf(list ?? value ?? "")]));
  const name = all.get("Interface")?.[0];
  if (name === undefined) return [];
  const dhcp = ["IP", "IP6"].some((key) => /^dhcp/.test(all.get(key)?.[0] ?? ""));
  return [{ name, dhcp, addresses: [...(all.get("Address") ?? []), ...(all.get("Address6") ?? [])] }];
}

/** Shell words without their quotes, up to a comment. */
const wordsOf = (text: string) =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(#.*)|([^\s"'#]+)/g)]
    .filter(([, , , comment]) => comment === undefined)
    .map(([, double, single, , bare]) => double ?? single ?? bare ?? "");
