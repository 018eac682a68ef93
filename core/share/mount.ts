import { execInGuest } from "../communicator/index.ts";
import { lastLines } from "../host/program/tail-buffer.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { shellJoin, shellQuote } from "../kit/shell.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Machine } from "../machine/machine.ts";
import type { Attachment, Run } from "../machine/run.ts";
import { attachmentsOf, placeOf } from "./attachment.ts";
import { kindOf } from "./table.ts";

const PATIENCE = 60_000;

/** Mounts the shares of a start in the guest, those that are not yet. Throws `E_SHARE_MOUNT`. */
export async function mountShares(machine: Machine, folder: MachineFolder, run: Run, context: Context): Promise<void> {
  const attached = attachmentsOf(run).filter(({ share }) => share.mount !== null);
  if (attached.length > 0) await mount(attached, { machine, folder, run }, context);
}

interface Guest {
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly run: Run;
}

/** Mounts them one after the other; what is mounted at a share's folder already is left alone. Throws `E_SHARE_MOUNT`. */
export async function mount(attached: readonly Attachment[], guest: Guest, context: Context): Promise<void> {
  context.progress({ phase: "mounting shares" });
  for (const attachment of attached) {
    const { exitCode, stderr } = await inGuest(mountScript(attachment, guest.machine), guest, context);
    if (exitCode !== 0) throw notMounted(attachment, guest.machine, told(stderr) || String(exitCode));
  }
}

/** Whether something was mounted there. Throws `E_SHARE_BUSY` with what the guest says where it is in use. */
export async function unmount(target: string, guest: Guest, context: Context): Promise<boolean> {
  const at = shellQuote(target);
  const script = `${isMounted(target)} || exit 3\numount ${at}`;
  const { exitCode, stderr } = await inGuest(script, guest, context);
  if (exitCode === 0 || exitCode === 3) return exitCode === 0;
  throw new GuestkitError("E_SHARE_BUSY", `Cannot unmount "${target}" in "${guest.machine.name}": ${told(stderr)}`, {
    help: `See who uses it: guestkit vm exec ${guest.machine.name} -- fuser -vm ${target}`,
  });
}

const inGuest = (script: string, { machine, folder, run }: Guest, context: Context) =>
  execInGuest(machine, folder, run, { script, root: true, timeoutMs: PATIENCE }, context);

/** What a guest says is its own choice: some lines of it, on one. */
const told = (stderr: string): string => printable(lastLines(stderr, 3).join("; ")).slice(0, 500);

/** A command that tells whether something is mounted there: mountpoint(1) is not in every guest. */
function isMounted(target: string): string {
  // proc(5): as in fstab, odd characters are written in octal.
  const field = target.replace(/[\s\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return `grep -qF ${shellQuote(` ${field} `)} /proc/mounts`;
}

/** What the guest runs as root; nothing where something is mounted there already. */
export function mountScript(attachment: Attachment, machine: Machine): string {
  const { share } = attachment;
  const { drivers, mount: command } = kindOf(share);
  const { program, options, source } = command(placeOf(attachment, machine));
  const all = [...options, ...(share.read_only ? ["ro"] : []), ...share.options];
  const target = share.mount ?? `/mnt/${attachment.tag}`;
  const words = [...program, ...(all.length > 0 ? ["-o", all.join(",")] : []), source, target];
  const module = drivers[0]?.[0] ?? "";
  return `mkdir -p ${shellQuote(target)} || exit 1
! ${isMounted(target)} || exit 0
modprobe ${shellQuote(module)} 2>/dev/null
exec ${shellJoin(words)}`;
}

function notMounted({ tag, share }: Attachment, { name }: Machine, why: string): GuestkitError {
  const { name: kind, program, drivers } = kindOf(share);
  const needs = program === null ? `the module ${drivers[0]?.[0]} in its kernel` : `the program ${program}`;
  return new GuestkitError("E_SHARE_MOUNT", `Cannot mount the share "${tag}" (${kind}) of "${name}": ${why}`, {
    at: { field: ["shares", tag] },
    help: `The guest needs ${needs}; another kind may do (docs/guide/shares.md has the table).`,
  });
}
