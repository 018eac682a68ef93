/** Appliances in one archive, as exporters write them. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./tool.ts";

export interface PackedFile {
  readonly name: string;
  /** Attributes of its File beside href and id, and of its Disk. */
  readonly file?: string;
  readonly disk?: string;
}

/** A descriptor of disks of 16 MiB. */
export function ovf(disks: readonly PackedFile[]): string {
  const files = disks.map(({ name, file = "" }, at) => `<File ovf:href="${name}" ovf:id="file${at}" ${file}/>`);
  const listed = disks.map(
    ({ disk = "" }, at) => `<Disk ovf:capacity="16777216" ovf:diskId="d${at}" ovf:fileRef="file${at}" ${disk}/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
  <!-- a > b --><References>${files.join("")}<File ovf:href="boot.iso" ovf:id="cd"/></References>
  <DiskSection><Info>Disks</Info>${listed.join("")}<Disk ovf:capacity="1" ovf:diskId="blank"/></DiskSection>
</Envelope>`;
}

export interface PackOptions {
  /** An algorithm of digests. */
  readonly manifest?: string;
  /** Of the tar. */
  readonly format?: string;
}

/** An archive in `dir` of a descriptor and what lies there; its path. */
export async function packOva(
  dir: string,
  name: string,
  text: string,
  members: readonly string[],
  { manifest, format = "ustar" }: PackOptions = {},
): Promise<string> {
  const at = (each: string) => join(dir, each);
  writeFileSync(at("box.ovf"), text);
  const digest = (member: string) =>
    createHash(manifest ?? "")
      .update(readFileSync(at(member)))
      .digest("hex");
  const lines = manifest
    ? ["box.ovf", ...members].map((each) => `${manifest.toUpperCase()}(${each})= ${digest(each)}\n`)
    : [];
  writeFileSync(at("box.mf"), lines.join(""));
  const all = ["box.ovf", ...(manifest ? ["box.mf"] : []), ...members];
  await run("tar", ["-C", dir, "--format", format, "-cf", at(name), "--", ...all]);
  return at(name);
}
