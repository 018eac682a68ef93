import type { FileSystemType } from "../../build/filesystem.ts";
import { fileSystemRules } from "../../build/filesystem.ts";
import { PARTITION_TYPES, type PartitionType, requiredSize } from "../../build/table.ts";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import type { FieldPath } from "../../engine/path.ts";
import { isList, isObject, isWhollyKnown, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";
import { declaredFilesFault } from "./files-fault.ts";

/** What the contract's types cannot say; values may be UNKNOWN, and what is unknown is left alone. */
export function validate(input: ValueObject): readonly Diagnostic[] {
  return [
    ...validateSize(input),
    ...validateBacking(input),
    ...validateLayout(input),
    ...validateFiles(input.files),
    ...declaredFilesFault(input),
  ];
}

function validateSize({ size, source, backing_file, bootstrap, layout }: ValueObject): Diagnostic[] {
  if (size !== null || [source, backing_file, bootstrap].some((each) => each !== null)) return [];
  if (layout !== null && !(isObject(layout) && hasOpenEnd(layout))) return [];
  return [problem("E_SIZE_MISSING", ["size"], "size is missing: nothing else tells how large the image is to be")];
}

function hasOpenEnd(layout: ValueObject): boolean {
  if (layout.partitions === UNKNOWN) return false;
  return partitionsOf(layout).some((each) => each.size === null) || partitionsOf(layout).length === 0;
}

function validateBacking({ format, backing_file }: ValueObject): Diagnostic[] {
  if (backing_file === null || backing_file === UNKNOWN || format !== "raw") return [];
  return [problem("E_BACKING_RAW", ["format"], "a raw image cannot be an overlay", 'Set format to "qcow2".')];
}

/** One that is not known yet has its place, and no fields. */
function partitionsOf({ partitions }: ValueObject): readonly ValueObject[] {
  return isList(partitions) ? partitions.map((each) => (isObject(each) ? each : {})) : [];
}

function validateLayout({ layout, size }: ValueObject): Diagnostic[] {
  if (!isObject(layout)) return [];
  const partitions = partitionsOf(layout);
  const at = (index: number, field: string): FieldPath => ["layout", "partitions", index, field];
  return [
    ...partitions.flatMap((each, index) => validatePartition(each, (field) => at(index, field), layout)),
    ...partitions
      .slice(0, -1)
      .flatMap((each, index) =>
        each.size === null
          ? [problem("E_LAYOUT_SIZE", at(index, "size"), "only the last partition may leave its size out")]
          : [],
      ),
    ...validateRoom(layout, partitions, size ?? null),
  ];
}

function validateRoom(layout: ValueObject, partitions: readonly ValueObject[], size: Value): Diagnostic[] {
  if (typeof size !== "number" || !isWhollyKnown(layout.partitions ?? null) || partitions.length === 0) return [];
  const wanted = partitions.map((each) => ({
    name: String(each.name),
    type: each.type as PartitionType,
    size: typeof each.size === "number" ? each.size : undefined,
  }));
  const needed = requiredSize(layout.scheme === "mbr" ? "mbr" : "gpt", wanted);
  // What is needed is counted with a spare MiB at the end, which an exact fit may use.
  if (needed - 2 ** 20 <= size) return [];
  const message = `the partitions need ${needed} bytes and the disk has ${size}`;
  return [problem("E_LAYOUT_SIZE", ["layout", "partitions"], message, `Set size to ${needed} or more.`)];
}

function validatePartition(
  partition: ValueObject,
  at: (field: string) => FieldPath,
  layout: ValueObject,
): Diagnostic[] {
  const { type, filesystem, content } = partition;
  const noMbr = typeof type === "string" && PARTITION_TYPES[type as PartitionType].mbr === null;
  const mbr =
    layout.scheme === "mbr" && noMbr ? [problem("E_LAYOUT_TYPE", at("type"), `an MBR has no type ${type}`)] : [];
  if (content !== null && content !== UNKNOWN && filesystem === null) {
    return [...mbr, problem("E_LAYOUT_CONTENT", at("content"), "content needs a filesystem to lie in")];
  }
  if (typeof filesystem !== "string") return mbr;
  return [...mbr, ...validateFileSystem(filesystem as FileSystemType, partition, at)];
}

function validateFileSystem(
  type: FileSystemType,
  partition: ValueObject,
  at: (field: string) => FieldPath,
): Diagnostic[] {
  const rules = fileSystemRules[type];
  const { label, uuid, size, content } = partition;
  const found: Diagnostic[] = [];
  if (typeof label === "string" && Buffer.byteLength(label) > rules.labelLimit) {
    found.push(problem("E_LAYOUT_LABEL", at("label"), `a label of ${type} has at most ${rules.labelLimit} bytes`));
  }
  if (typeof uuid === "string" && !rules.uuid.test(uuid)) {
    const shape = type === "vfat" ? "1234-ABCD" : "123e4567-e89b-42d3-a456-426614174000";
    found.push(problem("E_LAYOUT_UUID", at("uuid"), `"${uuid}" is no UUID of ${type}`, `One looks like ${shape}.`));
  }
  if (typeof size === "number" && size < rules.minimum) {
    found.push(problem("E_LAYOUT_SIZE", at("size"), `${type} needs at least ${rules.minimum} bytes`));
  }
  if (isObject(content) && !rules.content) {
    found.push(problem("E_LAYOUT_CONTENT", at("content"), `${type} is made blank: content goes into ext4 and vfat`));
  }
  return found;
}

function validateFiles(files: Value | undefined): Diagnostic[] {
  if (!isList(files)) return [];
  const declared = files.map((each) => (isObject(each) ? each : {}));
  return [
    ...declared.flatMap((each, index) => {
      const names =
        typeof each.path === "string" ? each.path.split("/").filter((name) => name !== "") : ["known later"];
      const fit = names.length > 0 && !names.some((name) => name === ".." || name === "." || /\p{Cc}/u.test(name));
      const message = "is no absolute path without ., .. and control characters";
      return fit ? [] : [problem("E_FILES_NAME", ["files", index, "path"], `"${String(each.path)}" ${message}`)];
    }),
  ];
}
