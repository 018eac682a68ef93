import { createHash } from "node:crypto";
import type { Bed, Said } from "./bed.ts";
import { commandOf, type Look, type Writer } from "./writer.ts";

/** How each thing looks, by name: an answer for each look. */
export type View = Readonly<Record<string, readonly string[]>>;

/** What is right for a writer: how its things look before and after, and what lies in the bed at the end. */
export interface Standard {
  readonly before: View;
  readonly after: View;
  readonly listing: readonly string[];
}

/** Lets a writer do its work, by `work` or by itself, and come to its end: what is right from now on. */
export async function learn<T>(
  bed: Bed,
  writer: Writer,
  work: (command: readonly string[]) => Promise<T>,
): Promise<{ readonly standard: Standard; readonly result: T }> {
  await layOut(bed, writer);
  const before = await viewOf(bed, writer);
  const result = await work(commandOf(writer));
  const after = await viewOf(bed, writer);
  await rest(bed, writer);
  const standard = { before, after, listing: await bed.listing() };
  // Where a machine has ended in between, it is begun anew.
  if (writer.end) await layOut(bed, writer);
  const faults = await faultsAfter(bed, writer, standard, null);
  if (faults.length > 0) throw new Error(`${writer.name}, not stopped at all:\n${faults.join("\n")}`);
  return { standard, result };
}

/** The old state, and the declaration of the new one. */
export async function layOut(bed: Bed, writer: Writer): Promise<void> {
  await bed.empty();
  await writer.old(bed);
  await writer.declare(bed);
}

export async function viewOf(bed: Bed, { things }: Writer): Promise<View> {
  const view: Record<string, string[]> = {};
  for (const [name, looks] of Object.entries(things)) {
    view[name] = [];
    for (const look of looks) view[name].push(await see(bed, look));
  }
  return view;
}

/** An answer without what is new in each run; a refusal by its code. */
async function see(bed: Bed, look: Look): Promise<string> {
  if (typeof look === "function") return look(bed);
  const said = await bed.run(look);
  const code = /"code":"(E_[A-Z0-9_]+)"/.exec(said.stderr)?.[1] ?? said.stderr.trim().split("\n")[0];
  return said.exitCode === 0 ? plain(bed, said.stdout) : `exit code ${said.exitCode}, ${plain(bed, code ?? "")}`;
}

function plain(bed: Bed, text: string): string {
  const same = text
    .replaceAll(bed.folder, "BED")
    // A folder of sockets is named by where the machine's own folder lies.
    .replace(/(BED\/home\/run\/\S+?)-[0-9a-f]{12}\//g, "$1/")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    // That a change is not finished yet may be told.
    .replace(/"warnings": \[[^\]]*\]/, '"warnings": []')
    .replace(/iid-[0-9a-f]{16}/g, "IID")
    .replace(/\bAAAAC3NzaC1lZDI1NTE5AAAA[A-Za-z0-9+/=]+/g, "KEY")
    .replace(/"(actual_size|free)": \d+/g, '"$1": N')
    .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, "TIME");
  if (same.length <= 2000) return same;
  // Enough to see what it is; the digest tells it apart.
  return `${same.slice(0, 40)}... (${same.length}, ${createHash("sha256").update(same).digest("hex").slice(0, 12)})`;
}

/** Everything that is wrong right after a stop, and with what the same command then makes of it. */
export async function faultsAfter(
  bed: Bed,
  writer: Writer,
  standard: Standard,
  said: Said | null,
): Promise<readonly string[]> {
  return [
    ...(said ? faultsOfSaying(said) : []),
    ...faultsOfView(await viewOf(bed, writer), standard, said?.exitCode === 0),
    ...(await faultsOfRerun(bed, writer, standard)),
    ...(await leaksOf(bed, writer, standard)),
  ];
}

/** It may fail, but it knows why. */
export function faultsOfSaying({ stderr }: Said): readonly string[] {
  return /fault in guestkit|E_INTERNAL|^\s+at .*:\d+:\d+/m.test(stderr) ? [`it did not know its end: ${stderr}`] : [];
}

function faultsOfView(seen: View, { before, after }: Standard, mustBeNew: boolean): readonly string[] {
  return Object.keys(after).flatMap((name) => {
    if (isSame(seen[name], after[name])) return [];
    const how = seen[name]?.join("\n");
    if (mustBeNew) return [`${name} is not the new one, which it was said to be: ${how}`];
    return isSame(seen[name], before[name]) ? [] : [`${name} is neither the old nor the new: ${how}`];
  });
}

const isSame = (one: readonly string[] | undefined, other: readonly string[] | undefined) =>
  JSON.stringify(one) === JSON.stringify(other);

/** What a look shows that it shows neither before nor after; for looks while a writer is at work. */
export function faultsOfLooks(seen: View, { before, after }: Standard): readonly string[] {
  return Object.entries(seen).flatMap(([name, answers]) =>
    answers
      .filter((answer, at) => answer !== before[name]?.[at] && answer !== after[name]?.[at])
      .map((answer) => `while it was at work, ${name} was neither the old nor the new: ${answer}`),
  );
}

async function faultsOfRerun(bed: Bed, writer: Writer, standard: Standard): Promise<readonly string[]> {
  const { exitCode, stderr } = await bed.run(commandOf(writer));
  const { again = [0] } = writer;
  if (!again.includes(exitCode)) return [`the same once more exits with ${exitCode}: ${stderr}`];
  const faults = faultsOfView(await viewOf(bed, writer), standard, true);
  return [...(await faultsOfPlan(bed, writer)), ...faults.map((fault) => `after the same once more, ${fault}`)];
}

async function faultsOfPlan(bed: Bed, { command }: Writer): Promise<readonly string[]> {
  if (command) return [];
  const { exitCode, stdout, stderr } = await bed.run(["plan", "--json"]);
  if (exitCode !== 0) return [`the plan after it exits with ${exitCode}: ${stderr}`];
  const { changes } = JSON.parse(stdout) as { changes: { action: string }[] };
  const wanted = changes.filter(({ action }) => action !== "none");
  return wanted.length === 0 ? [] : [`the plan after it is not empty: ${JSON.stringify(wanted)}`];
}

/** Ends what is to run on, and waits for the rest; gives the command lines of those that will not end. */
export async function rest(bed: Bed, { end }: Writer): Promise<readonly string[]> {
  if (end) await bed.run(end);
  return bed.quiet();
}

async function leaksOf(bed: Bed, writer: Writer, { listing }: Standard): Promise<readonly string[]> {
  const [processes, attachments, now] = [await rest(bed, writer), await bed.attachments(), await bed.listing()];
  const more = now.filter((each, at) => now.indexOf(each) === at && countOf(now, each) > countOf(listing, each));
  // A cache that cannot be written stops nothing, and is missed by nothing: what is in one is judged by who reads it.
  const gone = listing.filter((each) => !now.includes(each) && !/^home\/cache\b/.test(each));
  return [
    ...processes.map((each) => `it runs on: ${each}`),
    ...attachments.map((each) => `it is attached: ${each}`),
    ...more.map((each) => `it leaked ${each}`),
    ...gone.map((each) => `it lost ${each}`),
  ];
}

const countOf = (list: readonly string[], wanted: string) => list.filter((each) => each === wanted).length;
