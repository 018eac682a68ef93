import { GuestkitError } from "../../../../core/kit/errors.ts";
import type { ByteSource } from "../../../../core/source/source.ts";
import { HANG_MS } from "../../../support/hang.ts";
import { type OpenedStack, openStack } from "../../../support/open-stack.ts";
import { type Patch, patchedSource } from "../../../support/patched-source.ts";
import type { Random } from "../../../support/random.ts";
import type { Disks, Structure } from "./structures.ts";

/** What was changed, and whether every checksum over it is right again. */
export interface Mutation {
  readonly step: string;
  readonly patches: Readonly<Record<string, readonly Patch[]>>;
  /** Content may differ: no checksum speaks against it. */
  readonly mayLie: boolean;
}

/** Bytes that are read of each device, at places that the seed chooses. */
const WINDOW = 24 << 10;

/** Changes one to three bytes, words or long words of one structure, and mends its checksum every other time. */
export async function mutateStructure(
  disks: Disks,
  structures: readonly Structure[],
  random: Random,
): Promise<Mutation> {
  const kinds = [...new Set(structures.map(({ kind }) => kind))];
  const kind = random.pick(kinds);
  const { disk, offset, length, mend } = random.pick(structures.filter((each) => each.kind === kind));
  // A checksum covers the sector or block that its structure begins.
  const whole = Math.max(length, 512);
  const bytes = (await (disks[disk] as ByteSource).read(offset, whole)).slice();
  for (let left = 1 + random.below(3); left > 0; left--) change(bytes, length, random);
  const isMended = mend !== null && random.below(2) === 0;
  if (isMended) mend(bytes);
  const step = `${kind} of ${disk} at ${offset}${isMended ? ", mended" : ""}`;
  return { step, patches: { [disk]: [{ offset, bytes }] }, mayLie: isMended || mend === null };
}

function change(bytes: Uint8Array, length: number, random: Random): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const size = random.pick([1, 2, 4, 8]);
  if (length < 8) return;
  const at = Math.floor(random.below(length - 7) / size) * size;
  const values = [
    0n,
    1n,
    0xffff_ffff_ffff_ffffn,
    0x7fff_ffff_ffff_ffffn,
    BigInt(random.u32()),
    1n << BigInt(random.below(64)),
  ];
  const now = view.getBigUint64(at, true);
  const value = random.pick([...values, now + 1n, now - 1n, now * 2n]);
  for (let byte = 0; byte < size; byte++) bytes[at + byte] = Number((value >> BigInt(8 * byte)) & 0xffn);
}

/** Everything that a stack tells: of each device its facts, a window of its content, or the error. */
export type Answers = ReadonlyMap<string, string>;

export interface Case {
  readonly answers: Answers;
  readonly errors: readonly unknown[];
}

/** Opens the disks, and reads at the start of each device and at `place`; content of every device, or of some of them. */
export async function readCase(
  open: () => Promise<OpenedStack>,
  place: number,
  isRead: (index: number) => boolean = () => true,
): Promise<Case> {
  const answers = new Map<string, string>();
  const errors: unknown[] = [];
  try {
    await using stack = await open();
    for (const [index, { device, source, error, size }] of stack.devices.entries()) {
      if (error) errors.push(error);
      if (!source || !isRead(index)) continue;
      answers.set(`${device} size`, String(size));
      for (const at of [0, place % Math.max(1, source.size - WINDOW)]) {
        const length = Math.min(WINDOW, source.size - at);
        try {
          const extent = await source.extent?.(at, length);
          if (extent && (extent.length < 1 || extent.length > length))
            errors.push(new Error(`an extent of ${extent.length}`));
          answers.set(`${device} ${at}`, Buffer.from(await source.read(at, length)).toString("latin1"));
        } catch (thrown) {
          errors.push(thrown);
        }
      }
    }
  } catch (thrown) {
    errors.push(thrown);
  }
  return { answers, errors };
}

export function openMutated(disks: Disks, { patches }: Pick<Mutation, "patches">): Promise<OpenedStack> {
  return openStack(
    Object.entries(disks).map(([name, source]) => patchedSource(source, patches[name] ?? [])),
    { mayRefuse: true },
  );
}

/** What must never be; of the mirror whose one image fell behind, nobody knows it without the other. `truth` is what the whole disks answered to the same questions. */
export function faultsOf({ answers, errors }: Case, truth: Answers, { mayLie }: Mutation, ms: number): string[] {
  const faults = errors.flatMap(wrongError);
  if (ms > HANG_MS) faults.push(`it took ${ms} ms`);
  if (mayLie) return faults;
  for (const [key, said] of answers) {
    if (truth.get(key) !== said && !key.includes("raid1-stale")) faults.push(`${key} is not what it was`);
  }
  return faults;
}

/** Every refusal has a code of its own and a place. */
function wrongError(error: unknown): string[] {
  if (!(error instanceof GuestkitError)) return [`a foreign error: ${(error as Error).stack}`];
  if (!/^E_[A-Z0-9_]+$/.test(error.code) || error.code === "E_INTERNAL") return [`an internal error: ${error.stack}`];
  return error.at?.file === undefined ? [`no place: ${error.stack}`] : [];
}
