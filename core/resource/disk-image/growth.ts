import { planGrowth } from "../../build/growth-plan.ts";
import { type GuestImage, readGuestDisk } from "../../build/guest-disk.ts";
import { demandResizable } from "../../build/resizable.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { Plan } from "../../engine/plan.ts";
import type { Disk } from "../../inspect/index.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { CanonicalInput } from "./input.ts";

/** What an update of the size leaves as it is, mends on the way, or cannot do. */
export async function grownInPlace(id: string, plan: Plan, input: CanonicalInput): Promise<Diagnostic[]> {
  const { size, format } = input;
  if (size === null || !plan.changes.some(({ path }) => path[0] === "size")) return [];
  const image = { path: id, format };
  return await told(image, async (disk) => {
    await demandResizable(image, disk.image);
    return await notesOf(disk, size);
  });
}

/** The same of an image that is to be copied, or leaned on, by a larger one. QEMU may read what guestkit does not. */
export async function grownCopy(origin: GuestImage, size: number): Promise<Diagnostic[]> {
  const found = await told(origin, (disk) => notesOf(disk, size));
  return found.filter(({ severity, code }) => severity !== "error" || /^E_(GPT|TABLE)_/.test(code));
}

async function notesOf(disk: Disk, size: number): Promise<Diagnostic[]> {
  const { notes } = await planGrowth(disk, size);
  return notes.map(({ code, message, help }) => warning(code, ["size"], message, help));
}

async function told(image: GuestImage, ask: (disk: Disk) => Promise<Diagnostic[]>): Promise<Diagnostic[]> {
  try {
    return await readGuestDisk(image, ask);
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, ["size"], error.message, error.help)];
  }
}
