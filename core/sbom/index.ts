import { findSystems, type InspectOptions, inspect, reading } from "../inspect/index.ts";
import { calm } from "../kit/calm-json.ts";
import type { ByteSource } from "../source/source.ts";
import { declaredTime } from "./created.ts";
import { type Inventory, inventoryOf } from "./inventory.ts";
import type { Made } from "./made.ts";

/** What is written, each loaded where it is asked for. */
const WRITERS = {
  cyclonedx: async () => (await import("./cyclonedx.ts")).cyclonedxOf,
  spdx: async () => (await import("./spdx.ts")).spdxOf,
} satisfies Readonly<Record<string, () => Promise<(inventory: Inventory, at: Date | null) => Made>>>;

export type SbomFormat = keyof typeof WRITERS;

/** A list of the software in an image. */
export interface Sbom {
  /** JSON, as it is to be written. */
  readonly text: string;
  /** `urn:uuid:`: the same software has the same one. */
  readonly serial: string;
  /** How many packages are on it. */
  readonly total: number;
  /** What was odd while the image was read. */
  readonly warnings: readonly string[];
}

/**
 * The software of every system in an image, as CycloneDX 1.6 or SPDX 2.3: the same image gives the same bytes. Where
 * `facts` name languages, their packages are on it as well. Throws
 * `E_SBOM_NO_SYSTEM`, `E_SBOM_INCOMPLETE`, `E_SBOM_TIME` and what `inspect` throws.
 */
export async function sbom(
  image: string | ByteSource,
  format: SbomFormat,
  options: InspectOptions = {},
): Promise<Sbom> {
  const at = declaredTime();
  const report = await inspect(image, options);
  const isChosen = options.partition !== undefined || options.filesystem !== undefined;
  const hasLanguages = options.facts?.includes("languages") ?? false;
  const unmounted = hasLanguages && !isChosen ? await unmountedIn(image, options) : [];
  const scope = { isChosen, hasLanguages, unmounted };
  const inventory = inventoryOf(report, typeof image === "string" ? image : image.name, scope);
  const write = await WRITERS[format]();
  const { text, serial } = write(inventory, at);
  const total = inventory.systems.reduce((sum, { parts }) => sum + parts.length, 0);
  return { text: `${calm(text)}\n`, serial, total, warnings: report.warnings };
}

/** Packages of languages lie anywhere, those of the system where its own list is. */
const unmountedIn = (image: string | ByteSource, options: InspectOptions): Promise<readonly string[]> =>
  reading(image, options, async (disk) => {
    const { roots } = await findSystems(disk, options);
    return roots.flatMap(({ device, unmounted }) => unmounted.map((target) => `${target} of ${device}`));
  });
