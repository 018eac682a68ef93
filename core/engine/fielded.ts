import { asGuestkitError } from "../kit/errors.ts";
import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";

/** Runs work for a canonical declaration. What it throws of a file, without a field, is at the field that names it. */
export async function fielded<T>(contract: Contract, input: ValueObject, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = asGuestkitError(thrown);
    const { file, field } = error.at ?? {};
    const named = file === undefined || field ? undefined : fieldNaming(contract, input, file);
    throw named === undefined ? thrown : error.within({ field: [named] });
  }
}

/** The one whose path the file is, or lies below: of several, the nearest. Paths inside an image are no files here. */
function fieldNaming({ input: fields }: Contract, input: ValueObject, file: string): string | undefined {
  const isIt = (path: unknown) => typeof path === "string" && (file === path || file.startsWith(`${path}/`));
  const found = fields.filter(({ name, type }) => type.kind === "path" && isIt(input[name])).map(({ name }) => name);
  return found.toSorted((a, b) => String(input[b]).length - String(input[a]).length)[0];
}
