import { realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { isWithin } from "../../host/within.ts";
import type { Settings } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import type { Share } from "../../machine/machine.ts";
import { readMemory } from "../../machine/memory.ts";
import { readRun } from "../../machine/run.ts";
import { isObject, type Value } from "../../model/value.ts";
import type { ProjectPlan } from "../../project/plan.ts";
import { attachmentsOf } from "../../share/attachment.ts";
import type { JobFolder } from "../folder.ts";

type Shares = Readonly<Record<string, Pick<Share, "path" | "read_only">>>;

/**
 * No guest may write where a job's check-out, its project's state and its own memory lie: what it changed there between
 * the delivery and the use would run on the host. Looks at every machine of this user, as it is declared and as it runs.
 * Throws `E_CI_SHARE`.
 */
export async function demandUnshared(folder: JobFolder, settings: Settings): Promise<void> {
  for (const name of await listMachines(settings)) {
    const place = machineFolder(name, settings);
    await demandApart(name, (await readMemory(place))?.machine.shares ?? {}, folder);
    const attached = attachmentsOf(await readRun(place)).map(({ tag, share }) => [tag, share] as const);
    await demandApart(name, Object.fromEntries(attached), folder);
  }
}

/** The same of machines that an apply would make. What is not known before is looked at when they are made. */
export async function demandPlannedApart({ changes }: ProjectPlan, baseDir: string, folder: JobFolder): Promise<void> {
  for (const { plan } of changes) {
    const planned = plan?.contract === "virtual_machine" ? plan.planned : null;
    if (planned) await demandApart(String(planned.name), sharesIn(planned.shares ?? null, baseDir), folder);
  }
}

/** A plan has them as they were written. */
function sharesIn(value: Value, baseDir: string): Shares {
  const shares = isObject(value) ? Object.entries(value) : [];
  const known = shares.flatMap(([name, share]) =>
    isObject(share) && typeof share.path === "string"
      ? [[name, { path: resolve(baseDir, share.path), read_only: share.read_only === true }] as const]
      : [],
  );
  return Object.fromEntries(known);
}

async function demandApart(machine: string, shares: Shares, { path }: JobFolder): Promise<void> {
  const own = await settled(path);
  for (const [name, share] of Object.entries(shares)) {
    const shared = await settled(share.path);
    if (share.read_only || !(isWithin(own, shared) || isWithin(shared, own))) continue;
    throw new GuestkitError(
      "E_CI_SHARE",
      `Cannot run the job: the guest of "${machine}" could change what it runs, by the share "${name}" of "${share.path}"`,
      {
        at: { file: share.path, field: ["shares", name] },
        help: `Share it with read_only: true, or a folder of its own elsewhere than "${path}". A machine that has it already: guestkit vm destroy ${machine}, or apply it changed.`,
      },
    );
  }
}

/** Links followed, as far as the path is there. */
async function settled(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  const above = dirname(path);
  return above === path ? path : join(await settled(above), path.slice(join(above, sep).length));
}
