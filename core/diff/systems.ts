import { fullVersion, type Inspected, type SystemReport } from "../inspect/index.ts";
import type { Change, Group } from "./change.ts";
import { type Comparison, compareLists, pairs } from "./lists.ts";
import { unreadChange } from "./unread.ts";

type Item<K extends keyof SystemReport> = SystemReport[K] extends readonly (infer T)[] | null ? T : never;

/** A list of a system's report, the fact that it is, and how its things are compared. */
interface List<T> extends Comparison<T> {
  readonly fact: string;
  pick(report: SystemReport): readonly T[] | null;
}

const packages: List<Item<"packages">> = {
  group: "packages",
  fact: "packages",
  pick: (report) => report.packages,
  key: ({ name, arch }) => (arch === null ? name : `${name}:${arch}`),
  fields: (each) => ({ version: fullVersion(each), ...(each.status !== "installed" && { status: each.status }) }),
};
const users: List<Item<"users">> = {
  group: "users",
  fact: "users",
  pick: (report) => report.users,
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};
const groups: List<Item<"groups">> = {
  group: "groups",
  fact: "groups",
  pick: (report) => report.groups,
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};
const kernels: List<Item<"kernels">> = {
  group: "kernels",
  fact: "kernels",
  pick: (report) => report.kernels,
  key: ({ version }) => version,
  fields: ({ version: _, ...fields }) => fields,
};
/** What starts with the system, or could: where its file lies is told by files. */
const services: List<Item<"services">> = {
  group: "services",
  fact: "services",
  pick: (report) => report.services,
  key: ({ name }) => name,
  fields: ({ kind, state, preset, wanted_by }) => ({ kind, state, preset, wanted_by }),
};

interface Interface {
  /** Who configures it, and its name there. */
  readonly name: string;
  readonly dhcp: boolean;
  readonly addresses: readonly string[];
}
const network: List<Interface> = {
  group: "network",
  fact: "network",
  pick: (report) => report.network?.flatMap(interfacesOf) ?? null,
  key: ({ name }) => name,
  fields: ({ name: _, ...fields }) => fields,
};

const interfacesOf = ({ kind, interfaces }: Item<"network">): readonly Interface[] =>
  interfaces.map(({ name, dhcp, addresses }) => ({ name: `${kind} ${name}`, dhcp, addresses }));

type Pick = (report: SystemReport) => unknown;

const field =
  <K extends keyof SystemReport>(name: K): Pick =>
  (report) =>
    report[name];
const fields = (...names: readonly (keyof SystemReport)[]) =>
  Object.fromEntries(names.map((name) => [name, field(name)]));

/** Fields that are one value each, by the fact that tells them. */
const PLAIN: Readonly<Record<string, Readonly<Record<string, Pick>>>> = {
  release: fields("distro", "version", "product_name", "product_variant", "codename"),
  hostname: fields("hostname"),
  "machine id": fields("machine_id"),
  architecture: fields("arch"),
  "package format": fields("package_format"),
  updater: fields("package_management"),
  "time zone": fields("timezone"),
  locale: fields("locale"),
  units: { default_target: ({ units }) => units?.default_target ?? null },
  bootloader: fields("bootloader"),
  "cloud-init": fields("cloud_init"),
  "guest agent": fields("guest_agent"),
};

/** One system of a report, and why facts of it could not be read. */
interface Known {
  readonly report: SystemReport;
  readonly unread: ReadonlyMap<string, string>;
}

/** What differs in what two reports say of their systems, which are paired by their order. */
export function compareSystems(before: Inspected, after: Inspected): readonly Change[] {
  const [old, now] = [before, after].map(({ report, unread }) =>
    report.operating_systems.map((each, at): Known => ({ report: each, unread: unread[at] ?? new Map() })),
  ) as [Known[], Known[]];
  const count = Math.max(old.length, now.length);
  return Array.from({ length: count }, (_, system) => compareSystem(old[system], now[system], system)).flat();
}

function compareSystem(was: Known | undefined, is: Known | undefined, system: number): readonly Change[] {
  /** What cannot be read in either is told as that. */
  const fact = (name: string, group: Group, compare: () => readonly Change[]): readonly Change[] => {
    const [old = null, now = null] = [was, is].map((each) => each?.unread.get(name));
    return (old ?? now) ? [unreadChange(group, name, system, [old, now])] : compare();
  };
  const list = <T>(kind: List<T>) =>
    fact(kind.fact, kind.group, () => {
      const [old, now] = [was, is].map((each) => (each && kind.pick(each.report)) ?? []) as [
        readonly T[],
        readonly T[],
      ];
      return compareLists(kind, old, now, system);
    });
  const plain = ([name, picks]: readonly [string, Readonly<Record<string, Pick>>]) =>
    fact(name, "system", () =>
      Object.entries(picks).flatMap(([field, pick]) => {
        const [old, now] = [was, is].map((each) => (each ? pick(each.report) : null));
        return compareField(field, old ?? null, now ?? null, system);
      }),
    );
  return [
    ...Object.entries(PLAIN).flatMap(plain),
    ...list(packages),
    ...list(users),
    ...list(groups),
    ...list(services),
    ...list(kernels),
    ...list(network),
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
