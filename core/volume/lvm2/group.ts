import { parseText, type Section, type Value } from "./text.ts";

/** What the text of a volume group says; places and sizes are bytes. */
export interface VolumeGroup {
  readonly name: string;
  readonly id: string;
  readonly seqno: number;
  readonly extentSize: number;
  /** By the names that segments call them. */
  readonly physical: ReadonlyMap<string, PhysicalVolume>;
  readonly logical: ReadonlyMap<string, LogicalVolume>;
}

export interface PhysicalVolume {
  readonly id: string;
  /** The device that it was when the text was written. */
  readonly hint: string;
  /** Where its first extent starts. */
  readonly start: number;
  readonly extents: number;
}

export interface LogicalVolume {
  readonly name: string;
  readonly id: string;
  readonly isVisible: boolean;
  /** Bytes. */
  readonly size: number;
  readonly segments: readonly Segment[];
}

export interface Segment {
  /** Bytes. */
  readonly size: number;
  /** Without its flags. */
  readonly type: string;
  /** What a reader must know to read it right. */
  readonly flags: readonly string[];
  readonly section: Section;
}

/** Throws a SyntaxError that says what is wrong. */
export function readGroup(text: string): VolumeGroup {
  const top = parseText(text);
  const [named, another] = top.sections;
  if (!named || another) throw new SyntaxError("it does not hold one volume group");
  const [name, section] = named;
  if (!isName(name)) throw new SyntaxError(`"${name.slice(0, 200)}" is no name of a volume group`);
  const format = section.values.get("format");
  if (format !== undefined && format !== "lvm2") throw new SyntaxError(`its format is ${JSON.stringify(format)}`);
  const extentSize = sectors(section, "extent_size");
  if (extentSize === 0) throw new SyntaxError("its extents are empty");
  return {
    ...{ name, id: textOf(section, "id"), seqno: count(section, "seqno"), extentSize },
    physical: new Map(entries(section, "physical_volumes").map(([key, each]) => [key, readPhysical(each)])),
    logical: new Map(
      entries(section, "logical_volumes").map(([key, each]) => [key, readLogical(key, each, extentSize)]),
    ),
  };
}

/** Names become parts of paths. */
function isName(name: string): boolean {
  return /^[A-Za-z0-9+_.-]{1,127}$/.test(name) && name !== "." && name !== "..";
}

function entries(section: Section, name: string): readonly [string, Section][] {
  return [...(section.sections.get(name)?.sections ?? [])];
}

function readPhysical(section: Section): PhysicalVolume {
  const device = section.values.get("device");
  return {
    id: textOf(section, "id"),
    hint: typeof device === "string" ? device : "",
    start: sectors(section, "pe_start"),
    extents: count(section, "pe_count"),
  };
}

function readLogical(name: string, section: Section, extentSize: number): LogicalVolume {
  if (!isName(name)) throw new SyntaxError(`"${name.slice(0, 200)}" is no name of a logical volume`);
  const number = count(section, "segment_count");
  if (number > section.sections.size) throw new SyntaxError(`${name} has less than ${number} segments`);
  const segments: Segment[] = [];
  let extents = 0;
  for (let index = 1; index <= number; index++) {
    const segment = section.sections.get(`segment${index}`);
    if (!segment) throw new SyntaxError(`${name} has no segment ${index}`);
    if (count(segment, "start_extent") !== extents) throw new SyntaxError(`${name} has a gap before segment ${index}`);
    extents += count(segment, "extent_count");
    segments.push(readSegment(segment, extentSize));
  }
  const size = extents * extentSize;
  if (!Number.isSafeInteger(size)) throw new SyntaxError(`${name} has ${extents} extents`);
  return { name, id: textOf(section, "id"), isVisible: words(section, "status").includes("VISIBLE"), size, segments };
}

function readSegment(section: Section, extentSize: number): Segment {
  const [type = "", ...flags] = textOf(section, "type").split("+");
  return { size: count(section, "extent_count") * extentSize, type, flags, section };
}

function wrong(name: string, value: Value | undefined): SyntaxError {
  return new SyntaxError(`its ${name} is ${value === undefined ? "missing" : JSON.stringify(value).slice(0, 80)}`);
}

/** A whole number that is not negative. */
export function count(section: Section, name: string, usual?: number): number {
  const value = section.values.get(name) ?? usual;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw wrong(name, value);
  return value;
}

/** A number of sectors, as bytes. */
export function sectors(section: Section, name: string, usual?: number): number {
  const bytes = count(section, name, usual) * 512;
  if (!Number.isSafeInteger(bytes)) throw wrong(name, section.values.get(name));
  return bytes;
}

export function textOf(section: Section, name: string): string {
  const value = section.values.get(name);
  if (typeof value !== "string") throw wrong(name, value);
  return value;
}

/** A list of words; empty where there is none. */
export function words(section: Section, name: string): readonly string[] {
  const value = section.values.get(name) ?? [];
  return listOf(value).map((each) => {
    if (typeof each !== "string") throw wrong(name, value);
    return each;
  });
}

/** A list of pairs: what is named, and the extent in it. */
export function places(section: Section, name: string): readonly { readonly name: string; readonly extent: number }[] {
  const value = section.values.get(name);
  const list = value === undefined ? [] : listOf(value);
  if (list.length === 0 || list.length % 2 !== 0) throw wrong(name, value);
  return Array.from({ length: list.length / 2 }, (_, index) => {
    const [each, extent] = [list[2 * index], list[2 * index + 1]];
    if (typeof each !== "string" || typeof extent !== "number" || !Number.isInteger(extent) || extent < 0) {
      throw wrong(name, value);
    }
    return { name: each, extent };
  });
}

function listOf(value: Value): readonly (string | number)[] {
  return typeof value === "object" ? value : [value];
}
