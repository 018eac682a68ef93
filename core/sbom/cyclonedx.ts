/** CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/ */
import { ComponentType, LicenseAcknowledgement } from "@cyclonedx/cyclonedx-library/Enums";
import * as Models from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { VERSION } from "../kit/version.ts";
import type { Inventory, Part, System } from "./inventory.ts";
import { parseLicense } from "./license.ts";
import type { Made } from "./made.ts";
import { uuidOf } from "./uuid.ts";

/** The longest version that the schema lets a component have. */
const LONGEST_VERSION = 1024;

/**
 * One system is what the document is about, with its packages as the components; of several each is a component of the
 * image, with its packages inside.
 */
export function cyclonedxOf({ systems }: Inventory, at: Date | null): Made {
  const serial = `urn:uuid:${uuidOf(JSON.stringify(systems))}`;
  const [only] = systems;
  const isAlone = systems.length === 1 && only !== undefined;
  const parts = isAlone ? only.parts.map(componentOf) : systems.map(nested);
  const component = isAlone
    ? systemOf(only)
    : new Models.Component(ComponentType.File, "disk-image", { bomRef: "image" });
  for (const { bomRef } of parts) component.dependencies.add(bomRef);
  const metadata = new Models.Metadata({ component, tools: tools(), ...(at && { timestamp: at }) });
  const bom = new Models.Bom({ serialNumber: serial, metadata, components: new Models.ComponentRepository(parts) });
  const text = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6)).serialize(bom, { space: 2 });
  return { text, serial };
}

function tools(): Models.Tools {
  const own = new Models.Component(ComponentType.Application, "guestkit", { version: VERSION });
  return new Models.Tools({ components: new Models.ComponentRepository([own]) });
}

function systemOf({ ref, name, version, title, arch }: System): Models.Component {
  return new Models.Component(ComponentType.OperatingSystem, name, {
    bomRef: ref,
    ...(version !== null && versioned(version)),
    ...(title !== null && { description: title }),
    properties: properties({ arch }),
  });
}

function nested(system: System): Models.Component {
  const found = systemOf(system);
  for (const part of system.parts) {
    const component = componentOf(part);
    found.components.add(component);
    found.dependencies.add(component.bomRef);
  }
  return found;
}

function componentOf({ ref, name, version, arch, unfinished, source, vendor, license, purl }: Part): Models.Component {
  return new Models.Component(ComponentType.Library, name, {
    bomRef: ref,
    ...versioned(version),
    ...(purl !== null && { purl }),
    ...(vendor !== null && { supplier: new Models.OrganizationalEntity({ name: vendor }) }),
    licenses: new Models.LicenseRepository(license === null ? [] : licenseOf(license)),
    properties: properties({ arch, source, status: unfinished }),
  });
}

/** Of one that is too long the URL beside it has all. */
const versioned = (version: string) => (version === "" || version.length > LONGEST_VERSION ? {} : { version });

function properties(values: Readonly<Record<string, string | null>>): Models.PropertyRepository {
  const found = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [new Models.Property(`guestkit:${name}`, value)],
  );
  return new Models.PropertyRepository(found);
}

function licenseOf(text: string): readonly Models.License[] {
  const license = parseLicense(text);
  if (license === null) return [];
  const found = modelOf(license);
  found.acknowledgement = LicenseAcknowledgement.Declared;
  return [found];
}

function modelOf(license: NonNullable<ReturnType<typeof parseLicense>>): Models.License {
  if (license.kind === "id") return new Models.SpdxLicense(license.id);
  return license.kind === "name" ? new Models.NamedLicense(license.name) : new Models.LicenseExpression(license.text);
}
