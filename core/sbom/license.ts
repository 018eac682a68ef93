/** What packages say of their licence: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
import { fixupSpdxId, isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";

/** A licence as a package tells it. */
export type License =
  /** One of SPDX's list. */
  | { readonly kind: "id"; readonly id: string }
  /** Several of them, and references, in SPDX's words. */
  | { readonly kind: "expression"; readonly text: string; readonly references: readonly string[] }
  /** Anything else, in the package's words. */
  | { readonly kind: "name"; readonly name: string };

const REFERENCE = /^LicenseRef-[A-Za-z0-9.-]+$/;
/** The list holds exceptions among the licences. Those that are licences of old have the word in the midst. */
const isException = (id: string) => /-exception\b|-note$/i.test(id) && !/-with-/i.test(id);

/** Reads what a package says; null where it says nothing. Words are joined by AND, OR and WITH in capitals alone, as SPDX has it. */
export function parseLicense(text: string): License | null {
  const name = text.trim();
  if (name === "") return null;
  return parseExpression(name.match(/[()]|[^\s()]+/g) ?? []) ?? { kind: "name", name };
}

/** Null for what is no expression, or names a licence that is not on the list. */
function parseExpression(tokens: readonly string[]): License | null {
  const words: string[] = [];
  const references = new Set<string>();
  let depth = 0;
  let isLicense = false;
  let wants: "license" | "exception" | "operator" = "license";
  for (const token of tokens) {
    const was = isLicense;
    isLicense = false;
    if (wants === "license" && token === "(") depth++;
    else if (wants === "operator" && token === ")" && depth > 0) depth--;
    else if (wants === "operator" && (token === "AND" || token === "OR")) wants = "license";
    else if (wants === "operator" && token === "WITH" && was) wants = "exception";
    else {
      const found = wants === "license" ? licenseOf(token) : wants === "exception" ? exceptionOf(token) : null;
      if (found === null) return null;
      if (REFERENCE.test(found)) references.add(found);
      isLicense = wants === "license";
      wants = "operator";
      words.push(found);
      continue;
    }
    words.push(token);
  }
  if (wants !== "operator" || depth > 0) return null;
  const [only = ""] = words;
  if (words.length === 1 && onList(only)) return { kind: "id", id: only };
  return { kind: "expression", text: spelled(words), references: [...references] };
}

/** As the list spells it; a plus after it is "or later". */
function licenseOf(token: string): string | null {
  if (REFERENCE.test(token)) return token;
  const known = onList(token);
  if (known) return isException(known) ? null : known;
  const elder = token.endsWith("+") ? onList(token.slice(0, -1)) : null;
  return elder && !isException(elder) ? `${elder}+` : null;
}

function exceptionOf(token: string): string | null {
  const known = onList(token);
  return known && isException(known) ? known : null;
}

/** The library looks names up in an object, which has more than was put there: `constructor`. */
function onList(token: string): string | null {
  const found: unknown = fixupSpdxId(token);
  return isSupportedSpdxId(found) ? found : null;
}

const spelled = (words: readonly string[]) => words.join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
