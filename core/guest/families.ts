import type { Release } from "./release.ts";

/** What is so of a distribution and its kin. */
export interface Family {
  /** The tool that installs, in virt-inspector's words where it has one: `apt`, `dnf`, `zypper`; null where there is none. */
  readonly package_management: string | null;
  /** libosinfo's short id: `debian12`; null where it has none. */
  readonly osinfo: string | null;
}

/** A word, or words by the major version from which on they hold, the newest first. */
type Since<T> = T | readonly (readonly [since: number, value: T])[];

interface Row {
  /** os-release's ID. */
  readonly ids: readonly string[];
  /** It holds for those alone whose name says so. */
  readonly name?: RegExp;
  readonly tool: Since<string | null>;
  /** `{major}`, `{minor}` and `{version}` are those of VERSION_ID; what stands in brackets goes where its part is missing. */
  readonly osinfo: Since<string | null>;
}

const YUM_TO_DNF = [
  [8, "dnf"],
  [0, "yum"],
] as const;

/** The first row that fits counts. libosinfo's ids are those of osinfo-db. */
const ROWS: readonly Row[] = [
  { ids: ["debian"], tool: "apt", osinfo: "debian{major}" },
  { ids: ["ubuntu"], tool: "apt", osinfo: "ubuntu{version}" },
  { ids: ["pop"], tool: "apt", osinfo: "popos{version}" },
  { ids: ["fedora"], name: /coreos/i, tool: "rpm-ostree", osinfo: "fedora-coreos-stable" },
  { ids: ["fedora"], name: /silverblue|kinoite|atomic/i, tool: "rpm-ostree", osinfo: "fedora{major}" },
  {
    ids: ["fedora"],
    tool: [
      [22, "dnf"],
      [0, "yum"],
    ],
    osinfo: "fedora{major}",
  },
  { ids: ["rhel"], tool: YUM_TO_DNF, osinfo: "rhel{major}[.{minor}]" },
  { ids: ["centos"], name: /stream/i, tool: "dnf", osinfo: "centos-stream{major}" },
  {
    ids: ["centos"],
    tool: YUM_TO_DNF,
    osinfo: [
      [8, "centos{major}"],
      [7, "centos7.0"],
      [0, "centos{major}[.{minor}]"],
    ],
  },
  { ids: ["rocky"], tool: "dnf", osinfo: "rocky{major}" },
  { ids: ["almalinux"], tool: "dnf", osinfo: "almalinux{major}" },
  { ids: ["ol"], tool: YUM_TO_DNF, osinfo: "ol{major}[.{minor}]" },
  {
    ids: ["amzn"],
    tool: [
      [2022, "dnf"],
      [2018, "yum"],
      [3, "dnf"],
      [0, "yum"],
    ],
    osinfo: null,
  },
  { ids: ["photon", "azurelinux", "mariner"], tool: "tdnf", osinfo: null },
  {
    ids: ["sles", "sled", "sle_hpc", "sles_sap"],
    tool: "zypper",
    osinfo: [
      [15, "sle{major}[sp{minor}]"],
      [0, "sles{major}[sp{minor}]"],
    ],
  },
  { ids: ["sle-micro", "suse-microos", "sl-micro"], tool: "transactional-update", osinfo: "slem{major}[.{minor}]" },
  { ids: ["opensuse-microos", "opensuse-aeon"], tool: "transactional-update", osinfo: null },
  { ids: ["opensuse-leap", "opensuse"], tool: "zypper", osinfo: "opensuse{major}[.{minor}]" },
  { ids: ["opensuse-tumbleweed"], tool: "zypper", osinfo: "opensusetumbleweed" },
  { ids: ["mageia"], tool: "urpmi", osinfo: "mageia{major}" },
  { ids: ["arch"], tool: "pacman", osinfo: "archlinux" },
  { ids: ["manjaro"], tool: "pacman", osinfo: "manjaro" },
  { ids: ["alpine"], tool: "apk", osinfo: "alpinelinux{major}[.{minor}]" },
  { ids: ["wolfi", "chainguard"], tool: "apk", osinfo: null },
  { ids: ["gentoo"], tool: "portage", osinfo: "gentoo" },
  { ids: ["void"], tool: "xbps", osinfo: "voidlinux" },
  { ids: ["nixos"], tool: "nix", osinfo: "nixos-{version}" },
  { ids: ["slackware"], tool: "slackpkg", osinfo: "slackware{version}" },
  {
    ids: ["openwrt"],
    tool: [
      [25, "apk"],
      [0, "opkg"],
    ],
    osinfo: null,
  },
  { ids: ["flatcar", "coreos", "bottlerocket", "talos"], tool: null, osinfo: null },
  // Kin by ID_LIKE alone: their tool is the same, and libosinfo's id is not theirs.
  { ids: ["suse"], tool: "zypper", osinfo: null },
];

/** Every ID that a row knows. */
export const familyIds: readonly string[] = [...new Set(ROWS.flatMap(({ ids }) => ids))];

/** A distribution that no row names goes by those that it says it is like, the nearest first; none of them lends its id. */
export function familyOf(release: Release): Family {
  const own = rowOf(release.distro, release);
  if (own) return { package_management: pick(own.tool, release), osinfo: spell(pick(own.osinfo, release), release) };
  const kin = release.like.map((id) => rowOf(id, release)).find((row) => row !== undefined);
  return { package_management: kin ? pick(kin.tool, release) : null, osinfo: null };
}

function rowOf(id: string | null, { product_name }: Release): Row | undefined {
  return ROWS.find(({ ids, name }) => id !== null && ids.includes(id) && (!name || name.test(product_name ?? "")));
}

/** Whoever rolls has no version, and is the newest. */
function pick<T extends string | null>(value: Since<T>, { version }: Release): T | null {
  if (!Array.isArray(value)) return value as T;
  const major = version === null ? Number.POSITIVE_INFINITY : Number.parseInt(version, 10);
  return (value as readonly (readonly [number, T])[]).find(([since]) => major >= since)?.[1] ?? null;
}

/** Null where a part that it needs is missing. */
function spell(template: string | null, { version }: Release): string | null {
  if (template === null) return null;
  const [major, minor] = (version ?? "").split(".");
  const parts: Readonly<Record<string, string | undefined>> = { major, minor, version: version ?? undefined };
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] || "\0");
  const whole = filled(template.replace(/\[(.*?)\]/g, (_, text: string) => (filled(text).includes("\0") ? "" : text)));
  return whole.includes("\0") ? null : whole;
}
