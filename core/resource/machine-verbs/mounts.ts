import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { demand } from "../../engine/apply-error.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Share } from "../../machine/machine.ts";
import { withWayIn } from "../../machine/memory.ts";
import type { Attachment } from "../../machine/run.ts";
import type { ValueObject } from "../../model/value.ts";
import { attachmentsOf } from "../../share/attachment.ts";
import { attach, detach } from "../../share/live.ts";
import { mount } from "../../share/mount.ts";
import { shareRules } from "../virtual-machine/share-rules.ts";
import { demandRunning } from "./inside.ts";
import { type Known, knownMachine, withMachine } from "./known.ts";

export const vmMount: ActionImplementation = {
  run: async (input, { check }, context) => {
    const share = shareOf(input);
    const known = await knownMachine(input, context);
    const there = await findMount(known, share, context);
    await demandFolder(share);
    const output = { mount: share.mount };
    if (check) return { changed: !there, output };
    await withMachine(input, context, (current) => mountNow(current, share, context));
    return { changed: !there, output };
  },
};

/** One that is there already is mounted again where the guest has lost it. */
async function mountNow(known: Known, share: Share, context: Context): Promise<void> {
  const run = await demandRunning(known, context);
  const guest = { machine: withWayIn(known.memory, known.folder), folder: known.folder, run };
  const there = await findMount(known, share, context);
  if (there) return await mount([there], guest, context);
  const tag = tagOf(share.mount);
  const declared = { networks: known.memory.machine.networks, shares: { [tag]: share } } as unknown as ValueObject;
  demand(shareRules(declared));
  await attach(tag, share, false, guest, context);
}

const tagOf = (mount: Share["mount"]): string =>
  `mount-${createHash("sha256").update(String(mount)).digest("hex").slice(0, 12)}`;

const shareOf = ({ path, kind, mount: at, read_only, options, ownership }: ValueObject): Share & { mount: string } =>
  ({ path, kind, mount: String(at), read_only, options, ownership }) as Share & {
    mount: string;
  };

/** The same mount; null where nothing is there. Throws `E_MOUNT_EXISTS` where another one is. */
async function findMount(known: Known, share: Share, context: Context): Promise<Attachment | null> {
  const run = await demandRunning(known, context);
  const there = attachmentsOf(run).find((each) => each.share.mount === share.mount);
  if (!there) return null;
  const { path, kind, read_only } = there.share;
  if (path === share.path && kind === share.kind && read_only === share.read_only) return there;
  throw new GuestkitError("E_MOUNT_EXISTS", `Cannot mount at "${share.mount}": "${path}" is mounted there`, {
    at: { field: ["mount"] },
    help: there.declared ? "Choose another folder of the guest." : `First: ${umountCommand(known, share.mount)}`,
  });
}

async function demandFolder({ path }: Share): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) return;
  throw new GuestkitError("E_SHARE_MISSING", `Cannot mount "${path}": it is no folder of this host`, {
    at: { file: path, field: ["path"] },
    help: "Make the folder, or correct the path.",
  });
}

export const vmUmount: ActionImplementation = {
  run: async (input, { check }, context) => {
    const { mount: at } = shareOf(input);
    const there = await demandMount(await knownMachine(input, context), at, context);
    const output = { mount: at };
    if (check || !there) return { changed: there !== null, output };
    await withMachine(input, context, async (known) => {
      const run = await demandRunning(known, context);
      const found = attachmentsOf(run).find(({ tag }) => tag === there.tag);
      if (found)
        await detach(found, { machine: withWayIn(known.memory, known.folder), folder: known.folder, run }, context);
    });
    return { changed: true, output };
  },
};

/** What `vm mount` has put there; null where nothing is. Throws `E_MOUNT_DECLARED` for a share of the declaration. */
async function demandMount(known: Known, at: string, context: Context): Promise<Attachment | null> {
  const there = attachmentsOf(await demandRunning(known, context)).find(({ share }) => share.mount === at);
  if (!there?.declared) return there ?? null;
  throw new GuestkitError("E_MOUNT_DECLARED", `Cannot unmount "${at}": it is the declared share "${there.tag}"`, {
    at: { field: ["mount"] },
    help: `Take shares.${there.tag} out of the declaration and apply.`,
  });
}

const umountCommand = ({ memory }: Known, at: string | null) => `guestkit vm umount ${memory.machine.name} ${at}`;
