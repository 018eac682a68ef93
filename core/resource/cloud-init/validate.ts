import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { FieldPath } from "../../engine/path.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";

/** By which cloud-init tells what a document is (doc/userdata_formats). Anything else is passed over with a warning. */
const HEADERS = [
  "#cloud-config",
  "#!",
  "#include",
  "#cloud-boothook",
  "#part-handler",
  "#upstart-job",
  "## template: jinja",
  "Content-Type:",
  "MIME-Version:",
];

/**
 * What the types of `cloud_init` cannot say; values may be UNKNOWN, and what is unknown is left alone. `at` is where the
 * fields stand in the declaration.
 */
export function validateCloudInit(input: ValueObject, at: FieldPath = []): readonly Diagnostic[] {
  return [
    ...validateDocument(input.user_data ?? null, [...at, "user_data"]),
    ...validateDocument(input.secret_user_data ?? null, [...at, "secret_user_data"]),
    ...validateUsers(input.users ?? null, [...at, "users"]),
    ...validateFiles(input.write_files ?? null, [...at, "write_files"]),
  ];
}

function validateDocument(document: Value, path: FieldPath): Diagnostic[] {
  if (typeof document !== "string" || HEADERS.some((each) => document.startsWith(each))) return [];
  const message = `cloud-init passes over a user-data document that starts with none of ${HEADERS.join(", ")}`;
  return [warning("W_USER_DATA_HEADER", path, message, "Start it with #cloud-config, or with #! for a script.")];
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
