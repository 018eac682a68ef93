import { fullVersion, type Package, type PackageFormat } from "../guest/packages/package.ts";
import { versionOrder } from "../guest/packages/version-order.ts";
import { GuestkitError } from "../kit/errors.ts";

const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  "<": (order) => order < 0,
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
};

export interface Bound {
  readonly operator: string;
  readonly version: string;
}

/** `>= 3.0.15, < 4`: all of them have to hold. Throws `E_CHECK_RANGE`. */
export function parseRange(text: string): readonly Bound[] {
  return text.split(",").map((part) => {
    const [, operator, version] = /^\s*(>=|<=|!=|=|>|<)\s*([^\s<>=!]+)\s*$/.exec(part) ?? [];
    if (operator === undefined || version === undefined) throw notOne(text, part.trim());
    return { operator, version };
  });
}

function notOne(text: string, part: string): GuestkitError {
  return new GuestkitError("E_CHECK_RANGE", `Cannot use the versions "${text}": "${part}" is no bound`, {
    help: 'Write >=, >, <=, <, = or != before each version: ">= 3.0.15, < 4".',
  });
}

/**
 * The bound that a package's version does not keep; null where it keeps all. A version without an epoch is before every one
 * with it, whatever else it says: a bound that names none says nothing of a package that has one. Throws `E_CHECK_EPOCH`,
 * and `E_CHECK_ORDER` where it is not known how the versions of its kind follow one another.
 */
export function brokenBound(found: Package, range: readonly Bound[], format: PackageFormat): Bound | null {
  const order = versionOrder(format);
  if (!order) throw unordered(found, format);
  const version = fullVersion(found);
  for (const bound of range) {
    if (found.epoch && !/^\d+:/.test(bound.version)) throw withoutEpoch(found, version, bound);
    if (!TESTS[bound.operator]?.(order(version, bound.version))) return bound;
  }
  return null;
}

function unordered({ name }: Package, format: PackageFormat): GuestkitError {
  return new GuestkitError(
    "E_CHECK_ORDER",
    `Cannot compare versions of ${name}: it is not known how those of ${format} follow one another`,
    { help: "Ask for the package alone: leave version out." },
  );
}

function withoutEpoch({ name, epoch }: Package, version: string, { operator, version: bound }: Bound): GuestkitError {
  return new GuestkitError(
    "E_CHECK_EPOCH",
    `Cannot compare ${name} ${version} with "${operator} ${bound}": the package has an epoch, and the bound has none`,
    { help: `Write it with the epoch: "${operator} ${epoch}:${bound}".` },
  );
}
