import type { MachineFolder } from "../folder.ts";
import type { Machine } from "../machine.ts";
import { renderSeed, writeSeed } from "../seed/index.ts";
import { ensureKey, publicKeyOf } from "../ssh/index.ts";

/** Makes the disposable's own key, and the medium that lets it in. */
export async function makeSeed(machine: Machine, folder: MachineFolder): Promise<void> {
  await ensureKey(folder);
  if (!machine.cloud_init) return;
  const extraSshKeys = [await publicKeyOf(folder)];
  await writeSeed(folder.seed, renderSeed(machine.cloud_init, { hostname: machine.name, extraSshKeys }));
}
