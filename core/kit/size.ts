import { GuestkitError } from "./errors.ts";
import { excerpt } from "./name.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  K: 2 ** 10,
  KiB: 2 ** 10,
  KB: 1e3,
  M: 2 ** 20,
  MiB: 2 ** 20,
  MB: 1e6,
  G: 2 ** 30,
  GiB: 2 ** 30,
  GB: 1e9,
  T: 2 ** 40,
  TiB: 2 ** 40,
  TB: 1e12,
};

/**
 * Bytes of a size as users write it: `20G`, `20GiB` (1024), `20GB` (1000), `1.5G`, or an integer of bytes.
 * Throws `E_SIZE_SYNTAX` or `E_SIZE_RANGE`.
 */
export function parseSize(text: string | number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(text).trim());
  const unit = unitOf(match?.[2] ?? "");
  if (!match || unit === undefined) throw badSize(text);
  const bytes = Number(match[1]) * unit;
  if (!Number.isSafeInteger(bytes)) {
    throw new GuestkitError(
      "E_SIZE_RANGE",
      `Cannot use size "${excerpt(String(text))}": it is no whole number of bytes below 2^53`,
      { help: "Give a smaller one, in a unit that has no rest: 20G, 512M." },
    );
  }
  return bytes;
}

function unitOf(text: string): number | undefined {
  const spelled =
    text.length === 0 ? "" : text[0]?.toUpperCase() + text.slice(1).replace(/ib$/i, "iB").replace(/^b$/, "B");
  return Object.hasOwn(UNITS, spelled) ? UNITS[spelled] : undefined;
}

function badSize(text: string | number): GuestkitError {
  return new GuestkitError("E_SIZE_SYNTAX", `Cannot use size "${excerpt(String(text))}": it is no size`, {
    help: "Write an integer of bytes, or one of 20G, 20GiB (1024) and 20GB (1000).",
  });
}

/**
 * Bytes as people declare them, in the largest unit of which there is a whole number: `512M`. `like` is a size beside it,
 * whose way of writing units (`GiB`, `GB`) is followed.
 */
export function spellSize(bytes: number, like: string | number = ""): string {
  const [, suffix = ""] = /[KMGT](iB|B)$/i.exec(String(like).trim()) ?? [];
  const units = ["T", "G", "M", "K"].map((unit) => `${unit}${suffix}`);
  const unit = units.find((each) => bytes > 0 && bytes % parseSize(`1${each}`) === 0);
  return unit ? `${bytes / parseSize(`1${unit}`)}${unit}` : String(bytes);
}

/** Bytes for people: `20 GiB`, `1.5 MiB`, `17 B`. */
export function formatSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
