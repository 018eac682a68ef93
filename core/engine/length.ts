import type { LengthRule } from "../model/contract.ts";
import { formatPath } from "../model/value.ts";
import { type Diagnostic, problem } from "./diagnostic.ts";
import type { FieldPath } from "./path.ts";

/** What is wrong with how long a text or a list is; `unit` is what it is counted in. */
export function lengthFault(
  { minimum = 0, maximum = Number.POSITIVE_INFINITY }: LengthRule,
  length: number,
  unit: "characters" | "elements",
  path: FieldPath,
  about: string | undefined,
): readonly Diagnostic[] {
  if (length >= minimum && length <= maximum) return [];
  const why = length === 0 ? "it is empty" : `it has ${length} ${unit}, and ${bound(minimum, maximum, length)}`;
  return [problem("E_FIELD_LENGTH", path, `Cannot use ${formatPath(path)}: ${why}`, about)];
}

const bound = (minimum: number, maximum: number, length: number): string =>
  length < minimum ? `${minimum} are the least` : `${maximum} are the most`;
