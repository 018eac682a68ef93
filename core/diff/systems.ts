import { fullVersion, type Report, type SystemReport } from "../inspect/index.ts";
import type { Change } from "./change.ts";
import { type Comparison, compareLists, pairs } from "./lists.ts";

type Item<K extends keyof SystemReport> = SystemReport[K] extends readonly (infer T)[] | null ? T : never;

const packages: Comparison<Item<"packages">> = {
  group: "packages",
  key: ({ name, arch }) => (arch === null ? name : `${name}:${arch}`),
  fields: (each) => ({ version: fullVersion(each), ...(each.status !== "installed" && { status: each.status }) }),
};
const users: Comparison<Item<"users">> = {
  group: "users",
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};
const groups: Comparison<Item<"groups">> = {
  group: "groups",
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};
const kernels: Comparison<Item<"kernels">> = {
  group: "kernels",
  key: ({ version }) => version,
  fields: ({ version: _, ...fields }) => fields,
};

interface Service {
  readonly name: string;
  readonly state: "enabled" | "masked";
}
const services: Comparison<Service> = {
  group: "services",
  key: ({ name }) => name,
  fields: ({ state }) => ({ state }),
};

interface Interface {
  /** Who configures it, and its name there. */
  readonly name: string;
  readonly dhcp: boolean;
  readonly addresses: readonly string[];
}
const network: Comparison<Interface> = {
  group: "network",
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};

/** Fields of a system that are one value each. */
const PLAIN = [
  ...(["distro", "version", "product_name", "codename", "hostname", "machine_id", "arch", "package_format"] as const),
  ...(["timezone", "locale", "bootloader", "cloud_init", "guest_agent"] as const),
] as const;

/** What differs in what two reports say of their systems, which are paired by their order, and of their file systems. */
export function compareReports(before: Report, after: Report): readonly Change[] {
  const count = Math.max(before.operating_systems.length, after.operating_systems.length);
  const systems = Array.from({ length: count }, (_, system) =>
    compareSystems(before.operating_systems[system], after.operating_systems[system], system),
  );
  return [...systems.flat(), ...compareLists(filesystems, before.filesystems, after.filesystems, null)];
}

const filesystems: Comparison<Report["filesystems"][number]> = {
  group: "filesystems",
  key: ({ device }) => device,
  fields: ({ type, uuid, label, size, partition_uuid, partition_name }) => ({
    ...{ type, uuid, label, size, partition_uuid, partition_name },
  }),
};

/** Of a list that could not be read in one of them its length is told, and null: a warning of the report says why. */
function compareSystems(
  was: SystemReport | undefined,
  is: SystemReport | undefined,
  system: number,
): readonly Change[] {
  const both = <T>(
    comparison: Comparison<T>,
    pick: (report: SystemReport) => readonly T[] | null,
  ): readonly Change[] => {
    const [old = null, now = null] = [was, is].map((report) => (report ? pick(report) : []));
    if (old && now) return compareLists(comparison, old, now, system);
    return compareField(comparison.group, old?.length ?? null, now?.length ?? null, system);
  };
  return [
    ...PLAIN.flatMap((name) => compareField(name, was?.[name] ?? null, is?.[name] ?? null, system)),
    ...both(packages, (report) => report.packages),
    ...both(users, (report) => report.users),
    ...both(groups, (report) => report.groups),
    ...both(services, (report) => report.units && servicesOf(report.units)),
    ...both(kernels, (report) => report.kernels),
    ...both(network, (report) => report.network?.flatMap(interfacesOf) ?? null),
  ];
}

/** Of a part that both have, what is not the same in it. */
function compareField(name: string, was: unknown, is: unknown, system: number): readonly Change[] {
  const fields = isPart(was) && isPart(is) ? pairs(was, is) : pairs({ value: was }, { value: is });
  if (Object.keys(fields).length === 0) return [];
  return [{ group: "system", change: "modified", system, name, from: null, fields }];
}

const isPart = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const interfacesOf = ({ kind, interfaces }: Item<"network">): readonly Interface[] =>
  interfaces.map(({ name, dhcp, addresses }) => ({ name: `${kind} ${name}`, dhcp, addresses }));

const servicesOf = ({ enabled, masked }: NonNullable<SystemReport["units"]>): readonly Service[] => [
  ...enabled.map(({ name }) => ({ name, state: "enabled" as const })),
  ...masked.map((name) => ({ name, state: "masked" as const })),
];
