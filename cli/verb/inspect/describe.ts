import type { Report } from "@guestkit/core/inspect";
import { formatSize } from "@guestkit/core/kit";
import { table } from "../../output/table.ts";

/** A report for people to read; whole lines. */
export function describe(report: Report): string {
  const facts = report.operating_systems.map((system) =>
    table([
      ["System:", system.product_name ?? system.distro ?? system.os_type],
      ["Distribution:", [system.distro, system.version].filter(Boolean).join(" ")],
      ["Host name:", system.hostname],
      ["Architecture:", system.arch],
      ["Packages:", counted(system.packages, system.package_format)],
      ["Users:", people(system.users)],
      ["Kernels:", system.kernels?.map(({ version }) => version).join(", ")],
      ...system.mounts.map((mount) => ["Mount:", `${mount.target} from ${mount.device} (${mount.type})`]),
    ]),
  );
  const filesystems = report.filesystems.map((each) => [each.device, each.type, formatSize(each.size), each.label]);
  const held = filesystems.length > 0 ? `File systems:\n${table(filesystems).replace(/^/gm, "  ").trimEnd()}\n` : "";
  return `${facts.join("\n") || nothing(report)}${held}`;
}

/** A system may be where nothing could be read. */
function nothing({ filesystems }: Report): string {
  const unread = filesystems.filter(({ error }) => error !== null);
  if (unread.length === 0) return "No operating system.\n";
  const names = unread.map(({ device, type }) => `${device} (${type ?? "unknown"})`).join(", ");
  return `No operating system in what can be read; not read: ${names}.\n`;
}

function counted(packages: readonly unknown[] | null, format: string | null): string {
  if (packages === null) return "not readable";
  return format ? `${packages.length} (${format})` : String(packages.length);
}

/** root and those whom people log in as. */
function people(users: Report["users"]): string {
  if (users === null) return "not readable";
  return users
    .filter(({ uid }) => uid === 0 || (uid >= 1000 && uid < 60_000))
    .map(({ name }) => name)
    .join(", ");
}
