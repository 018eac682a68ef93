import { fullVersion, type Report, type SystemReport } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type Names, names } from "./names.ts";

/** A package that is there. What its package manager does not keep is null. */
export interface Part {
  /** Its name in the document, in which it is alone. */
  readonly ref: string;
  readonly name: string;
  /** In the family's words: `1:2.3-4`. */
  readonly version: string;
  readonly arch: string | null;
  /** How far dpkg came with it: `half-installed`; null where it is installed. */
  readonly unfinished: string | null;
  readonly source: string | null;
  readonly vendor: string | null;
  readonly license: string | null;
  readonly purl: string | null;
}

/** An operating system with what is installed in it. */
export interface System {
  readonly ref: string;
  /** os-release's ID. */
  readonly name: string;
  readonly version: string | null;
  /** For people. */
  readonly title: string | null;
  readonly arch: string | null;
  readonly parts: readonly Part[];
}

export interface Inventory {
  readonly systems: readonly System[];
  /** When the last package was installed, RFC 3339; null where no package manager keeps it. */
  readonly changedAt: string | null;
}

interface Scope {
  /** The caller named the system. */
  readonly isChosen: boolean;
  /** Packages of languages were asked for. */
  readonly hasLanguages: boolean;
  /** What is to be looked through and is mounted from elsewhere: `/srv of /dev/sda1`. */
  readonly unmounted: readonly string[];
}

/**
 * What is installed in an image. Throws `E_SBOM_NO_SYSTEM`, and
 * `E_SBOM_INCOMPLETE` where a part of it cannot be told: whoever reads a list takes what is not on it for absent.
 */
export function inventoryOf(report: Report, image: string, { isChosen, hasLanguages, unmounted }: Scope): Inventory {
  const found = report.operating_systems;
  if (!isChosen) demandRead(report, image);
  demandMounted(report, image, unmounted);
  if (found.length === 0) throw noSystem(image);
  const own = names();
  for (const each of RESERVED) own.take(each);
  const systems = found.map((each) => systemOf(each, image, hasLanguages, own));
  const times = found.flatMap(({ packages }) => packages?.flatMap(({ installed_at }) => installed_at ?? []) ?? []);
  return { systems, changedAt: times.reduce<string | null>((a, b) => (a !== null && a > b ? a : b), null) };
}

/** What documents call themselves, and the image. */
const RESERVED = ["DOCUMENT", "image"];

/** What cannot be read may hold one more system, or a part of one. */
function demandRead({ filesystems, operating_systems }: Report, image: string): void {
  const hidden = filesystems.find(({ error }) => error !== null);
  if (!hidden) return;
  const help = `Give its key (--key) where it is locked; guestkit info "${image}" shows what there is${choiceOf(operating_systems)}`;
  throw incomplete(image, `a part of it is not read: ${hidden.error}`, help);
}

function demandMounted({ operating_systems }: Report, image: string, [first]: readonly string[]): void {
  if (first === undefined) return;
  const why = `${first} is mounted from what is not on these disks, or cannot be read`;
  const help = `Give the disks that are missing (--with), or their keys (--key)${choiceOf(operating_systems)}`;
  throw incomplete(image, why, help);
}

const choiceOf = ([system]: Report["operating_systems"]): string =>
  system ? `, or name the system that is meant as far as it can be read: --filesystem ${system.root}` : "";

function systemOf(report: SystemReport, image: string, hasLanguages: boolean, own: Names): System {
  const { distro, version, product_name, arch, root, packages, package_format, languages } = report;
  const see = `See why: guestkit inspect "${image}"`;
  if (packages === null) throw incomplete(image, `the packages of ${root} cannot be read`, see);
  if (package_format === null || packages.length === 0)
    throw incomplete(image, `no package manager lists what is in ${root}`, see);
  // Without it packages have no URLs, by which lists of faults name them.
  if (distro === null) throw incomplete(image, `no file of ${root} tells which distribution it is`, see);
  const seeLanguages = `See why: guestkit inspect --facts languages "${image}"`;
  if (hasLanguages && languages === null)
    throw incomplete(image, `packages of languages in ${root} cannot be read`, seeLanguages);
  const ref = own.of(`os-${distro}${version === null ? "" : `-${version}`}`);
  const parts = [...packages.map((each) => partOf(each, own)), ...languageParts(languages ?? [], own)];
  return { ref, name: distro, version, title: product_name, arch, parts };
}

function partOf(each: NonNullable<SystemReport["packages"]>[number], own: Names): Part {
  const { name, arch, status, source, vendor, license, purl } = each;
  const version = fullVersion(each);
  return {
    ref: own.of([name, version, arch].filter(Boolean).join("-")),
    ...{ name, version, arch, vendor, license, purl },
    unfinished: status === "installed" ? null : status,
    source: source === name ? null : source,
  };
}

const NOTHING_KEPT = { arch: null, unfinished: null, source: null, vendor: null, license: null } as const;

/** Each once, in however many places it lies. */
function languageParts(found: NonNullable<SystemReport["languages"]>, own: Names): readonly Part[] {
  const each = new Map(found.map((one) => [`${one.ecosystem}\0${one.name}\0${one.version ?? ""}`, one]));
  return [...each.values()].map(({ ecosystem, name, version, purl }) => ({
    ref: own.of([ecosystem, name, version].filter(Boolean).join("-")),
    ...{ name, version: version ?? "", purl },
    ...NOTHING_KEPT,
  }));
}

function noSystem(image: string): GuestkitError {
  return new GuestkitError("E_SBOM_NO_SYSTEM", `Cannot list the software of "${image}": there is no system in it`, {
    at: { file: image },
    help: `Look at what is there: guestkit info "${image}"`,
  });
}

function incomplete(image: string, why: string, help: string): GuestkitError {
  return new GuestkitError("E_SBOM_INCOMPLETE", `Cannot list all software of "${image}": ${why}`, {
    at: { file: image },
    help,
  });
}
