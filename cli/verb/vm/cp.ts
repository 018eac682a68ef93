import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "@guestkit/core/engine";
import { copyFromGuest, copyToGuest, type Via } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { writeOut } from "../../output/stdout.ts";
import { type Sides, sidesOf } from "./sides.ts";
import { guestOf } from "./target.ts";

export async function run(invocation: Invocation): Promise<number> {
  const sides = sidesOf(invocation);
  if (!sides.out || sides.local !== "-") await copy(invocation, sides);
  else await print(invocation, sides);
  return EXIT.done;
}

async function copy(invocation: Invocation, { name, remote, local, out }: Sides): Promise<void> {
  const { flags, values, signal } = invocation;
  const guest = await guestOf(invocation, name);
  const options = { recursive: flags.has("recursive"), via: (values.via ?? "auto") as Via };
  const context = { signal, progress: () => {}, settings: resolveSettings() };
  const way = out ? copyFromGuest : copyToGuest;
  await way(guest, { local, remote }, options, context);
}

/** By way of a file: only one that has come whole is printed. */
async function print(invocation: Invocation, sides: Sides): Promise<void> {
  if (invocation.flags.has("recursive")) throw usage(invocation.command, "only a file goes to standard output (-)");
  const folder = await mkdtemp(join(tmpdir(), "guestkit-cp-"));
  try {
    const local = join(folder, "content");
    await copy(invocation, { ...sides, local });
    for await (const chunk of createReadStream(local)) writeOut(chunk as Uint8Array);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
