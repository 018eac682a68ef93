import { planGrowth } from "../../build/growth-plan.ts";
import { openGuestDisk } from "../../build/guest-disk.ts";
import type { ImageFile } from "../../build/qemu.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { Plan } from "../../engine/plan.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { CanonicalInput } from "./input.ts";

/** What an update of the size leaves as it is, mends on the way, or cannot do. */
export async function grownInPlace(id: string, plan: Plan, input: CanonicalInput): Promise<Diagnostic[]> {
  const { size, format } = input;
  if (size === null || !plan.changes.some(({ path }) => path[0] === "size")) return [];
  return await told({ path: id, format }, size, () => true);
}

/** The same of an image that is to be copied, or leaned on, by a larger one. QEMU may read what guestkit does not. */
export async function grownCopy(origin: ImageFile, size: number): Promise<Diagnostic[]> {
  return await told(origin, size, ({ code }) => /^E_(GPT|TABLE)_/.test(code));
}

async function told(image: ImageFile, size: number, counts: (error: GuestkitError) => boolean): Promise<Diagnostic[]> {
  try {
    await using disk = await openGuestDisk(image);
    const { notes } = await planGrowth(disk, size);
    return notes.map(({ code, message, help }) => warning(code, ["size"], message, help));
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return counts(error) ? [problem(error.code, ["size"], error.message, error.help)] : [];
  }
}
