import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { attributeOf, parseXml, type XmlElement } from "../../../kit/xml.ts";
import { parseAssignments } from "../../assignments.ts";
import type { Known } from "../fact.ts";

/** A zone of firewalld (firewalld.zone(5)). */
export interface Zone {
  readonly name: string;
  readonly file: string;
  /** What becomes of what it does not name: `default`, `ACCEPT`, `DROP`, `%%REJECT%%`. */
  readonly target: string;
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  /** What is let in. */
  readonly services: readonly string[];
  /** `8080/tcp`. */
  readonly ports: readonly string[];
}

export interface Firewalld {
  /** Its unit starts with the system; null where that is not known. */
  readonly enabled: boolean | null;
  readonly default_zone: string;
  /** Those that the administrator has written, and the default one. */
  readonly zones: readonly Zone[];
}

const OWN = "/etc/firewalld";
const SHIPPED = ["/usr/lib/firewalld", "/usr/share/firewalld"];

/** Null where it has no folder of settings. */
export async function readFirewalld(
  { tree, warn }: Pick<Known, "tree" | "warn">,
  enabled: boolean | null,
): Promise<Firewalld | null> {
  const text = await tree.readText(`${OWN}/firewalld.conf`);
  if (text === null && (await tree.stat(OWN))?.type !== "directory") return null;
  const standard = parseAssignments(text ?? "").get("DefaultZone") || "public";
  const names = (await tree.names(`${OWN}/zones`)).filter((name) => name.endsWith(".xml"));
  const wanted = new Set([...names.map((name) => name.slice(0, -4)), standard]);
  const zones: Zone[] = [];
  for (const name of [...wanted].sort()) {
    const zone = await readZone(tree, name, warn);
    if (zone) zones.push(zone);
  }
  return { enabled, default_zone: standard, zones };
}

/** The administrator's file stands in for the one of the package. */
async function readZone(tree: Tree, name: string, warn: Known["warn"]): Promise<Zone | null> {
  for (const folder of [OWN, ...SHIPPED]) {
    const file = `${folder}/zones/${name}.xml`;
    const text = await tree.readText(file);
    if (text !== null) return parseZone(name, file, text, warn);
  }
  return null;
}

function parseZone(name: string, file: string, text: string, warn: Known["warn"]): Zone | null {
  try {
    return zoneOf(name, file, parseXml(text));
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    warn(`"${file}" is a zone that cannot be read: ${error.message}`);
    return null;
  }
}

function zoneOf(name: string, file: string, root: XmlElement): Zone {
  const all = (element: string, ...keys: readonly string[]) =>
    root.children
      .filter((child) => child.name === element)
      .flatMap((child) => {
        const values = keys.flatMap((key) => attributeOf(child, key) ?? []);
        return values.length > 0 ? [values.join("/")] : [];
      });
  return {
    name,
    file,
    target: attributeOf(root, "target") ?? "default",
    interfaces: all("interface", "name"),
    sources: all("source", "address"),
    services: all("service", "name"),
    ports: all("port", "port", "protocol"),
  };
}
