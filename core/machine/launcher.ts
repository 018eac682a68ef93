import { platform } from "node:os";
import { whereIs } from "../build/process.ts";
import type { MachineFolder } from "./folder.ts";
import type { Helper } from "./helpers/index.ts";
import type { Launch } from "./launch.ts";

/** Tenths of a second until a helper must have made its socket. */
const PATIENCE = 100;

/**
 * The shell that becomes QEMU. Helpers are its children and so QEMU's: the kernel ends them when QEMU ends, whatever
 * ends it, and whether or not guestkit lives to see it. The process that we start is QEMU itself from its exec on: its
 * number is known before it does anything.
 */
export function launcher({ program, argv, helpers }: Launch, folder: MachineFolder): readonly string[] {
  const lines = [
    "umask 077",
    `cd ${quote(folder.sockets)} || exit 1`,
    ...helpers.flatMap(start),
    ...helpers.map(({ name, socket }) => `await ${quote(name)} ${quote(socket)}`),
    'cd /; exec "$@"',
  ];
  const script = [helpers.length > 0 ? AWAIT : "", ...lines].filter(Boolean).join("\n");
  return ["/bin/sh", "-c", script, "sh", program, ...argv];
}

function start({ program, argv, links, name }: Helper): string[] {
  const made = Object.entries(links).map(([path, target]) => `ln -sfn ${quote(target)} ${quote(path)}`);
  return [...made, `${[...tie(), program, ...argv].map(quote).join(" ")} &`, `pid_${variable(name)}=$!`];
}

/** Linux alone can tie a process to its parent; elsewhere a helper ends when QEMU disconnects. */
function tie(): string[] {
  const setpriv = platform() === "linux" ? whereIs("setpriv") : null;
  return setpriv === null ? [] : [setpriv, "--pdeathsig", "TERM", "--"];
}

const AWAIT = `await() {
  n=0
  while ! [ -S "$2" ]; do
    n=$((n + 1))
    if [ $n -gt ${PATIENCE * 2} ]; then echo "$1 did not come up" >&2; kill 0; exit 1; fi
    sleep 0.05
  done
}`;

const variable = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "_");

export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
