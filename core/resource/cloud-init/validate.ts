import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import type { FieldPath } from "../../engine/path.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";
import { validateDocuments } from "./documents.ts";

/**
 * What the types of `cloud_init` cannot say; values may be UNKNOWN, and what is unknown is left alone. `at` is where the
 * fields stand in the declaration.
 */
export async function validateCloudInit(input: ValueObject, at: FieldPath = []): Promise<readonly Diagnostic[]> {
  return [
    ...(await validateDocuments(input, at)),
    ...validateUsers(input.users ?? null, [...at, "users"]),
    ...validateFiles(input.write_files ?? null, [...at, "write_files"]),
  ];
}

function validateUsers(users: Value, path: FieldPath): Diagnostic[] {
  const names = isObject(users) ? Object.keys(users) : [];
  return names
    .filter((name) => !/^[a-z_][a-z0-9_-]{0,30}$/.test(name))
    .map((name) => {
      const message = `"${name}" is no user name: small letters, digits, _ and -, at most 31, no digit first`;
      return problem("E_CLOUD_INIT_USER", [...path, name], message);
    });
}

function validateFiles(files: Value, path: FieldPath): Diagnostic[] {
  const paths = isList(files) ? files.map((each) => (isObject(each) ? each.path : null)) : [];
  return paths.flatMap((each, index) => {
    if (typeof each !== "string") return [];
    if (!/\p{Cc}/u.test(each)) return [];
    return [problem("E_CLOUD_INIT_FILE", [...path, index, "path"], "a path holds a control character")];
  });
}
