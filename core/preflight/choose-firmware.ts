import type { ImageFacts } from "./facts/facts.ts";

/**
 * The firmware that an image can boot by. Where it can by both, BIOS is taken: it starts sooner and needs no file of
 * variables. Null facts (no disk, nothing known) give BIOS.
 */
export function chooseFirmware(facts: ImageFacts | null): "bios" | "uefi" {
  if (!facts) return "bios";
  const { bios, esps } = facts;
  const bootsByBios = bios.code && bios.emptyCore === null;
  if (bootsByBios && bios.loader !== null) return "bios";
  if (esps.some(({ fallback }) => fallback !== null)) return "uefi";
  if (bootsByBios || bios.code) return "bios";
  return esps.length > 0 ? "uefi" : "bios";
}
