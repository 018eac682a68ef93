import type { Report } from "@guestkit/core/inspect";
import { FACT_GROUPS, formatSize } from "@guestkit/core/kit";
import { factsText } from "../../output/facts-text.ts";
import { table } from "../../output/table.ts";

/** A report for people to read; whole lines. */
export function describe(report: Report): string {
  const systems = report.operating_systems.map((system) => `${plain(system)}${groups(system)}`);
  const filesystems = report.filesystems.map((each) => [each.device, each.type, formatSize(each.size), each.label]);
  const held = filesystems.length > 0 ? `File systems:\n${table(filesystems).replace(/^/gm, "  ").trimEnd()}\n` : "";
  return `${systems.join("\n") || nothing(report)}${held}`;
}

type System = Report["operating_systems"][number];

/** What is always told. */
function plain(system: System): string {
  return table([
    ["System:", system.product_name ?? system.distro ?? system.os_type],
    ["Distribution:", [system.distro, system.version].filter(Boolean).join(" ")],
    ["Host name:", system.hostname],
    ["Architecture:", system.arch],
    ["Packages:", counted(system.packages, system.package_format)],
    ["Users:", people(system.users)],
    ["Kernels:", listed(system.kernels, ({ version }) => version)],
    ["Boot loader:", listed(system.bootloader?.loaders ?? null, ({ name, firmware }) => `${name} (${firmware})`)],
    ["Networks:", listed(system.network, ({ kind, interfaces }) => [...interfaces.map(nameOf), `(${kind})`].join(" "))],
    ["cloud-init:", agent(system.cloud_init)],
    ["Guest agent:", agent(system.guest_agent)],
    ...system.mounts.map((mount) => ["Mount:", `${mount.target} from ${mount.device} (${mount.type})`]),
  ]);
}

const UNREADABLE = "not readable";
const nameOf = ({ name }: { readonly name: string }) => name;

/** Each once, in the order in which they are told. */
function listed<T>(all: readonly T[] | null, spell: (each: T) => string): string {
  return all === null ? UNREADABLE : [...new Set(all.map(spell))].join(", ");
}

/** Its version, and whether it starts by itself. */
function agent(found: System["cloud_init"]): string {
  if (found === null) return UNREADABLE;
  if (!found.installed) return "";
  return [found.version, found.enabled ? "starts by itself" : "does not start by itself"].filter(Boolean).join(", ");
}

/** The groups that were asked for. */
function groups(system: System): string {
  return FACT_GROUPS.filter((group) => system[group] !== null)
    .map((group) => factsText(`${group[0]?.toUpperCase()}${group.slice(1)}`, system[group]))
    .join("");
}

/** A system may be where nothing could be read. */
function nothing({ filesystems }: Report): string {
  const unread = filesystems.filter(({ error }) => error !== null);
  if (unread.length === 0) return "No operating system.\n";
  const names = unread.map(({ device, type }) => `${device} (${type ?? "unknown"})`).join(", ");
  return `No operating system in what can be read; not read: ${names}.\n`;
}

function counted(packages: readonly unknown[] | null, format: string | null): string {
  if (packages === null) return UNREADABLE;
  return format ? `${packages.length} (${format})` : String(packages.length);
}

/** root and those whom people log in as. */
function people(users: Report["users"]): string {
  if (users === null) return UNREADABLE;
  return users
    .filter(({ uid }) => uid === 0 || (uid >= 1000 && uid < 60_000))
    .map(({ name }) => name)
    .join(", ");
}
