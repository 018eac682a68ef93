import type { ByteSource } from "../../../../core/source/source.ts";
import type { Random } from "../../../support/random.ts";
import type { Mutation } from "./bed.ts";
import { AREA_AT, type Disks, lvmChecksum } from "./structures.ts";

const NUMBERS = [
  "0",
  "1",
  "-1",
  "3",
  "255",
  "4294967295",
  "9007199254740991",
  "9007199254740993",
  "99999999999999999999",
  "1.5",
];

/** A text that is newer than all others, with something in it that is not as it was; its checksums are right. */
export async function mutateText(disks: Disks, text: string, random: Random): Promise<Mutation> {
  const newer = text.replace(/seqno = (\d+)/, (_, number) => `seqno = ${Number(number) + 1}`);
  const changed = edit(newer, random);
  const bytes = Buffer.from(`${changed.text}\0`);
  const area = (await (disks.pv0 as ByteSource).read(AREA_AT, 512)).slice();
  const view = new DataView(area.buffer, area.byteOffset);
  view.setBigUint64(40, 512n, true);
  view.setBigUint64(48, BigInt(bytes.length), true);
  view.setUint32(56, lvmChecksum(bytes), true);
  view.setUint32(0, lvmChecksum(area.subarray(4, 512)), true);
  const patches = [
    { offset: AREA_AT, bytes: area },
    { offset: AREA_AT + 512, bytes: new Uint8Array(bytes) },
  ];
  return { step: `text: ${changed.step}`, patches: { pv0: patches }, mayLie: true };
}

function edit(text: string, random: Random): { text: string; step: string } {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  const other = random.pick(lines);
  const value = random.pick(NUMBERS);
  const edits: readonly (() => string)[] = [
    () => line.replace(/= -?\d+$/, `= ${value}`).replace(/, \d+/, `, ${value}`),
    () => line.replace(/"[^"]*"/, `"${/"([^"]*)"/.exec(other)?.[1] ?? "pv0"}"`),
    () => "",
    () => other,
    () => `${line}\n${line}`,
    () => line.slice(0, random.below(line.length + 1)),
  ];
  // Lines that matter: of numbers and names.
  const next = random.pick(edits)();
  lines[at] = next;
  return { text: lines.join("\n"), step: `line ${at}: ${line.trim()} -> ${next.trim()}` };
}
