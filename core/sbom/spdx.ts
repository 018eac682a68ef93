/** SPDX 2.3 as JSON: https://spdx.github.io/spdx-spec/v2.3/ */
import { VERSION } from "../kit/version.ts";
import type { Inventory, Part, System } from "./inventory.ts";
import { type License, parseLicense } from "./license.ts";
import type { Made } from "./made.ts";
import { names } from "./names.ts";
import { uuidOf } from "./uuid.ts";

const UNTOLD = "NOASSERTION";
const DOCUMENT = "SPDXRef-DOCUMENT";
const idOf = ({ ref }: { readonly ref: string }) => `SPDXRef-${ref}`;

/** The document is about the systems, and each of them contains its packages. */
export function spdxOf({ systems, changedAt }: Inventory, at: Date | null): Made {
  const licenses = licensesOf(systems);
  const body = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: DOCUMENT,
    name: systems.map(({ name, version }) => (version === null ? name : `${name}-${version}`)).join(" "),
    creationInfo: { created: created(at, changedAt), creators: [`Tool: guestkit-${VERSION}`] },
    packages: systems.flatMap((system) => [systemOf(system), ...system.parts.map((part) => packageOf(part, licenses))]),
    ...(licenses.extracted.length > 0 && { hasExtractedLicensingInfos: licenses.extracted }),
    relationships: systems.flatMap((system) => [
      relation(DOCUMENT, "DESCRIBES", idOf(system)),
      ...system.parts.map((part) => relation(idOf(system), "CONTAINS", idOf(part))),
    ]),
  };
  const serial = `urn:uuid:${uuidOf(JSON.stringify(body))}`;
  const { spdxVersion, dataLicense, SPDXID, name, ...rest } = body;
  const whole = { spdxVersion, dataLicense, SPDXID, name, documentNamespace: serial, ...rest };
  return { text: JSON.stringify(whole, null, 2), serial };
}

/** SPDX wants a time: where none is declared, that of the last change of a package, or none at all. */
function created(at: Date | null, changedAt: string | null): string {
  return (at?.toISOString() ?? changedAt ?? new Date(0).toISOString()).replace(/\.\d+Z$/, "Z");
}

const relation = (from: string, relationshipType: string, to: string) => ({
  spdxElementId: from,
  relationshipType,
  relatedSpdxElement: to,
});

const UNTOLD_FIELDS = { downloadLocation: UNTOLD, filesAnalyzed: false, copyrightText: UNTOLD } as const;

function systemOf(system: System): object {
  const { name, version, title, arch } = system;
  return {
    name,
    SPDXID: idOf(system),
    ...(version !== null && { versionInfo: version }),
    ...UNTOLD_FIELDS,
    ...{ licenseConcluded: UNTOLD, licenseDeclared: UNTOLD },
    ...(title !== null && { summary: title }),
    ...(arch !== null && { comment: `arch: ${arch}` }),
    primaryPackagePurpose: "OPERATING_SYSTEM",
  };
}

function packageOf(part: Part, licenses: Licenses): object {
  const { name, version, arch, unfinished, source, vendor, license, purl } = part;
  const notes = [arch === null ? [] : `arch: ${arch}`, unfinished === null ? [] : `status: ${unfinished}`].flat();
  return {
    name,
    SPDXID: idOf(part),
    ...(version !== "" && { versionInfo: version }),
    ...(vendor !== null && { supplier: organization(vendor) }),
    ...UNTOLD_FIELDS,
    ...{ licenseConcluded: UNTOLD, licenseDeclared: (license && licenses.of(license)) ?? UNTOLD },
    ...(source !== null && { sourceInfo: `built from the source package ${source}` }),
    ...(notes.length > 0 && { comment: notes.join(", ") }),
    ...(purl !== null && { externalRefs: [{ ...PURL, referenceLocator: purl }] }),
  };
}

const PURL = { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl" } as const;

/** On one line, with the place of an address, which stays empty: one in the name would be taken for it. */
function organization(vendor: string): string {
  const name = vendor.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return name === "" ? UNTOLD : `Organization: ${name} ()`;
}

interface Licenses {
  /** What stands for a package's words; null where they say nothing. */
  of(text: string): string | null;
  readonly extracted: readonly { readonly licenseId: string; readonly name: string; readonly extractedText: string }[];
}

/** Words that are none of SPDX's go by a reference, whose text they are: what else there is of it no package manager keeps. */
function licensesOf(systems: readonly System[]): Licenses {
  const texts = new Set(systems.flatMap(({ parts }) => parts.flatMap(({ license }) => license ?? [])));
  const found = new Map([...texts].map((text) => [text, parseLicense(text)] as const));
  const own = names();
  const words = new Map<string, string>();
  for (const reference of referencesIn(found.values())) {
    own.take(reference);
    words.set(reference, reference);
  }
  const spelled = new Map<string, string>();
  for (const [text, license] of found) {
    if (license?.kind === "id") spelled.set(text, license.id);
    else if (license?.kind === "expression") spelled.set(text, license.text);
    else if (license) {
      const id = own.of(`LicenseRef-${license.name}`);
      words.set(id, license.name);
      spelled.set(text, id);
    }
  }
  return {
    of: (text) => spelled.get(text) ?? null,
    extracted: [...words].map(([licenseId, name]) => ({ licenseId, name, extractedText: name })),
  };
}

function referencesIn(licenses: Iterable<License | null>): ReadonlySet<string> {
  return new Set([...licenses].flatMap((each) => (each?.kind === "expression" ? each.references : [])));
}
