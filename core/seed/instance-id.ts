import { createHash } from "node:crypto";
import { isList, isObject, type Value } from "../model/value.ts";
import { withoutSecrets } from "./declaration.ts";

/**
 * The identity by which cloud-init tells that it has something new to do: it follows from what is declared. Secrets count
 * by their version alone, since the id is shown and stored.
 */
export function deriveInstanceId(declared: Value): string {
  const text = JSON.stringify(ordered(withoutSecrets(declared)));
  return `iid-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** Fields sorted, silent ones left out, so that a later release with more fields changes no id. */
function ordered(value: Value): Value {
  if (isList(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, ordered(each)]));
}

/** The instance-id that a meta-data document has; null where it has none. */
export function readInstanceId(metaData: string): string | null {
  const found =
    /^[ \t]*["']?instance-id["']?[ \t]*:[ \t]*(\S.*)/m.exec(metaData) ?? /"instance-id"\s*:\s*("[^"]*")/.exec(metaData);
  return (
    found?.[1]
      ?.replace(/\s#.*$/, "")
      .trimEnd()
      .replace(/^(["'])(.*)\1,?$/, "$2") ?? null
  );
}
