import { hideSecrets } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import { markSecrets } from "../face/mark.ts";
import type { Raw } from "./struct.ts";

/** How Pulumi's wire tells a secret from an object (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isObject = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

const isSecret = (value: unknown): value is { readonly value: unknown } =>
  isObject(value) && value[SIGNATURE] === SECRET;

const secretOf = (value: unknown): unknown => (isSecret(value) ? value : { [SIGNATURE]: SECRET, value });

/** The values alone, of properties or of what is in one. From here on no message shows the texts of those that were secret. */
export function open<T>(value: T): T {
  hideSecrets(textsIn(value, false));
  return opened(value) as T;
}

function textsIn(value: unknown, isHidden: boolean): string[] {
  if (isSecret(value)) return textsIn(value.value, true);
  if (typeof value === "string") return isHidden ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((each) => textsIn(each, isHidden));
}

/** Whether what any of these properties have at a path is secret, wholly or in a part; the elements of a list are all or none. */
export function secretAt(...all: readonly Raw[]): (path: readonly (string | number)[]) => boolean {
  return (path) => all.some((each) => isSecretAt(each, path));
}

function isSecretAt(value: unknown, [step, ...rest]: readonly (string | number)[]): boolean {
  if (isSecret(value)) return true;
  if (step === undefined || Array.isArray(value)) return holdsSecret(value);
  return isObject(value) && isSecretAt(value[step], rest);
}

function opened(value: unknown): unknown {
  if (isSecret(value)) return opened(value.value);
  if (Array.isArray(value)) return value.map(opened);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, opened(each)]));
}

/** What the contract calls secret is one, and so is what came in as one: at the same place, or all of a list that has one. */
export function sealed(contract: Contract, value: Raw, given: Raw = {}): Raw {
  const marked = markSecrets([...contract.input, ...contract.output], value, { mark: secretOf, isWhole: isSecret });
  return likewise(marked, given) as Raw;
}

function likewise(value: unknown, given: unknown): unknown {
  if (isSecret(value) || value === undefined) return value;
  if (isSecret(given)) return secretOf(value);
  if (Array.isArray(given)) return given.some(holdsSecret) ? secretOf(value) : value;
  if (!isObject(given) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, likewise(each, given[key])]));
}

function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}
