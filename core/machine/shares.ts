import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "./folder.ts";
import { execInGuest } from "./guest/index.ts";
import type { Machine, Share } from "./machine.ts";
import type { Run } from "./run.ts";

/** How a kind is mounted in the guest (the kernel's own options). */
const MOUNT: Readonly<Partial<Record<NonNullable<Share["kind"]>, (tag: string) => string>>> = {
  "9p": (tag) => `-t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=none ${tag}`,
  virtiofs: (tag) => `-t virtiofs ${tag}`,
};

/** Mounts the shares in the guest, those that are not yet. Throws `E_SHARE_MOUNT`. */
export async function mountShares(machine: Machine, folder: MachineFolder, run: Run, context: Context): Promise<void> {
  const lines = Object.entries(machine.shares).flatMap(([tag, share]) => mountLine(tag, share));
  if (lines.length === 0) return;
  context.progress({ phase: "mounting shares" });
  const script = ["set -e", ...lines].join("\n");
  const { exitCode, stderr } = await execInGuest(
    machine,
    folder,
    run,
    { script, root: true, timeoutMs: 60_000 },
    context,
  );
  if (exitCode === 0) return;
  throw new GuestkitError(
    "E_SHARE_MOUNT",
    `Cannot mount the shares of "${machine.name}": ${stderr.trim() || exitCode}`,
    {
      at: { field: ["shares"] },
      help: 'The guest\'s kernel may lack that kind: try the other one (kind = "9p" or "virtiofs").',
    },
  );
}

function mountLine(tag: string, share: Share): string[] {
  const mount = share.kind && MOUNT[share.kind];
  if (!mount || share.mount === null) return [];
  const target = quote(share.mount);
  const options = share.read_only ? "-o ro " : "";
  return [`mkdir -p ${target}`, `mountpoint -q ${target} || mount ${options}${mount(quote(tag))} ${target}`];
}

const quote = (text: string) => `'${text.replace(/'/g, "'\\''")}'`;
