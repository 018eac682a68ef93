/**
 * Run as an ordinary user: a machine with every kind of share, a TPM and passt, from `kernel initrd cmdline folder`, by
 * virtiofs as well where a fifth argument says so. Prints as JSON what the guest could do in each share: whether root and
 * nobody could write, and whose the guest sees the files to be.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Share } from "../../core/machine/machine.ts";
import { connectAgent } from "../../core/qemu/agent/index.ts";
import { contextIn, machineOf, networkOf, shareOf, startQemu } from "./machine.ts";

const [, , kernel = "", initrd = "", cmdline = "", folder = "", served] = process.argv;
const PLAN9 = { plain: "9p", mapped: "9p", still: "9p" } as const;
const VIRTIOFS = { served: "virtiofs", ids: "virtiofs", fixed: "virtiofs" } as const;
const KINDS: Readonly<Record<string, "9p" | "virtiofs">> = served ? { ...PLAN9, ...VIRTIOFS } : PLAN9;
const MOUNT = { "9p": "9p -o trans=virtio,version=9p2000.L", virtiofs: "virtiofs" };

const shares: Record<string, Share> = {};
for (const [tag, kind] of Object.entries(KINDS)) {
  await mkdir(join(folder, tag), { mode: 0o755 });
  const ownership = tag === "mapped" || tag === "ids" ? "map" : "squash";
  shares[tag] = shareOf(join(folder, tag), { kind, ownership, read_only: tag === "fixed" || tag === "still" });
}
const networks = { p: networkOf("passt") };
const start = { name: "shares", kernel, initrd, cmdline, memory: 384 << 20, tpm: true };
await using machine = await startQemu(machineOf({ ...start, shares, networks }), contextIn(folder));
await using agent = await connectAgent(machine.folder.socket("agent"), { timeoutMs: 180_000 });

const written: Record<string, string> = {};
for (const [tag, kind] of Object.entries(KINDS)) {
  const at = `/mnt/${tag}`;
  const script = `
    mkdir -p ${at}; mount -t ${MOUNT[kind]} ${tag} ${at} || { echo not mounted; exit; }
    echo x > ${at}/root; printf 'root %s, ' $?
    mkdir ${at}/open && chmod 777 ${at}/open
    su -s /bin/sh nobody -c "echo x > ${at}/open/nobody"; printf 'nobody %s, ' $?
    echo $(stat -c %u ${at}/root ${at}/open/nobody)`;
  const { stdout } = await agent.exec({ path: "/bin/sh", args: ["-c", script], timeoutMs: 60_000 });
  written[tag] = Buffer.from(stdout).toString().trim();
}
console.log(JSON.stringify(written));
