import { isRemote } from "../../build/source.ts";
import { withoutUnknown } from "../../engine/adopt.ts";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import type { PlanContext } from "../../engine/implementation.ts";
import type { FieldPath } from "../../engine/path.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { asCallerPath, type CallerPath, isElsewhere, nameElsewhere, ownPath } from "../../kit/caller-path.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";
import type { ValueObject } from "../../model/value.ts";
import { asCanonical, type CanonicalInput } from "./input.ts";

/** A file or folder that a declaration reads at create; one of the host's is looked at as one of the caller's is. */
interface Named {
  readonly path: CallerPath;
  readonly field: FieldPath;
  readonly code: string;
  readonly kind: Kind;
}
type Kind = "file" | "directory" | "either";

/** Resources whose id is the path of what they make. */
const MAKERS: readonly string[] = ["disk_image", "cloud_init_seed"];

/**
 * What is not there, or is of another kind, and nothing in the same plan makes: an apply would say so after whatever goes
 * before it. A path that another tool makes meanwhile is given by that tool's own output, which is unknown until then.
 */
export async function missingFiles(input: CanonicalInput, context: PlanContext): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { path, field, code, kind } of namedBy(asCanonical(withoutUnknown(input as never) as ValueObject))) {
    if (isMade(path, context)) continue;
    const fault = await unfit(path, kind, context);
    if (fault !== null)
      found.push(problem(code, field, `Cannot use "${nameElsewhere(path) ?? path}": ${fault.why}`, fault.help));
  }
  return found;
}

function isMade(path: CallerPath, { declared }: PlanContext): boolean {
  return !isElsewhere(path) && MAKERS.some((contract) => declared(contract, ownPath(path)) !== null);
}

const GONE = "there is no such file";
const LATER =
  "Correct the path; where something else makes it in the same apply, refer to that thing's output instead.";
const OTHER = "Correct the path: look at what is there with ls -l.";

/** What is wrong with a path, and what helps. */
interface Unfit {
  readonly why: string;
  readonly help: string;
}

/** Why a path cannot be read as a file, or as a folder; what cannot be looked at is no fault yet: the apply says why. */
async function unfit(path: CallerPath, kind: Kind, context: PlanContext): Promise<Unfit | null> {
  try {
    const found = await callerFiles(context).look(path);
    if (found === null) return { why: GONE, help: LATER };
    const isDirectory = found.kind === "directory";
    if (kind === "either" || isDirectory === (kind === "directory")) return null;
    return { why: isDirectory ? "it is a directory" : "it is no directory", help: OTHER };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") return { why: reasonOf(error), help: OTHER };
    const isElse = error instanceof GuestkitError && error.code === "E_FILE_ELSEWHERE";
    return isElse ? { why: "it lies on the machine that declared it", help: error.help ?? OTHER } : null;
  }
}

/** The path of a source of this host; null of any other, and of one that is not known yet. */
export function localOrigin(source: CanonicalInput["source"]): string | null {
  const file = fileIn(source?.url);
  return file === null || isElsewhere(file) ? null : ownPath(file);
}

/** The file that a field which may be a path names; null for an address, and for what is not known yet. */
function fileIn(place: CallerPath | null | undefined): CallerPath | null {
  return typeof place === "string" && !isRemote(place) ? place : null;
}

function namedBy({ source, backing_file, bootstrap, layout, files, checks }: CanonicalInput): readonly Named[] {
  const digests = source ? (["sha256", "sha512", "unpacked_sha256"] as const) : [];
  return [
    at(fileIn(source?.url), ["source", "url"], "E_SOURCE_MISSING"),
    ...digests.flatMap((name) => at(checksumsOf(source?.[name]), ["source", name], "E_SOURCE_CHECKSUMS")),
    at(source?.keyring, ["source", "keyring"], "E_SOURCE_KEYRING"),
    at(source?.ca_file, ["source", "ca_file"], "E_SOURCE_CA"),
    at(backing_file === null ? null : asCallerPath(backing_file), ["backing_file"], "E_BACKING_MISSING"),
    at(checks && (checks.file as unknown as CallerPath), ["checks", "file"], "E_CHECK_FILE"),
    at(bootstrap && (bootstrap.keyring as unknown as CallerPath), ["bootstrap", "keyring"], "E_TOOL_MISSING", "either"),
    ...(layout?.partitions ?? []).flatMap((partition, index) => [
      at(partition?.content?.directory, [...within(index), "directory"], "E_LAYOUT_CONTENT", "directory"),
      at(partition?.content?.tar, [...within(index), "tar"], "E_LAYOUT_CONTENT"),
    ]),
    ...(files ?? []).map((file, index) => at(file?.source, ["files", index, "source"], "E_FILES_SOURCE")),
  ].flat();
}

const within = (partition: number): FieldPath => ["layout", "partitions", partition, "content"];

function at(
  path: CallerPath | null | undefined,
  field: FieldPath,
  code: string,
  kind: Kind = "file",
): readonly Named[] {
  return typeof path === "string" ? [{ path, field, code, kind }] : [];
}

/** A file of checksums; null for a digest and an address. */
function checksumsOf(text: CallerPath | null | undefined): CallerPath | null {
  const file = fileIn(text);
  return file === null || /^[0-9a-f]+$/i.test(String(file)) ? null : file;
}
