import { platform } from "node:os";
import { tied, whereIs } from "../../host/program/process.ts";
import type { Helper } from "./helper.ts";

/** A QEMU to be started with its helpers. */
export interface Command {
  readonly program: string;
  readonly argv: readonly string[];
  /** Servers that are started before QEMU and end with it. */
  readonly helpers: readonly Helper[];
}

/** What a QEMU is held by that is not to stay. */
export interface Leash {
  /** Bytes that a file which it writes may have (RLIMIT_FSIZE). */
  readonly fileLimit: number;
  /** It dies with this process. */
  readonly tied: boolean;
}

/** Looks, 50 ms apart, until a helper must have made its socket. */
const PATIENCE = 200;

/**
 * The shell that becomes QEMU. Helpers are its children and so QEMU's: the kernel ends them when QEMU ends, whatever
 * ends it, and whether or not guestkit lives to see it. The process that we start is QEMU itself from its exec on: its
 * number is known before it does anything. It works in the folder of the sockets.
 */
export function launcher(
  { program, argv, helpers }: Command,
  sockets: string,
  leash: Leash | null = null,
): readonly string[] {
  const lines = [
    "umask 077",
    `cd ${quote(sockets)} || exit 1`,
    ...helpers.flatMap(start),
    ...helpers.map(({ name, socket }) => `await_helper ${quote(name)} ${quote(socket)} $${pidOf(name)}`),
    ...(leash ? bound(leash) : []),
    'cd /; exec "$@"',
  ];
  const script = [helpers.length > 0 ? AWAIT : "", ...lines].filter(Boolean).join("\n");
  const command = ["-c", script, "sh", program, ...argv];
  const canTie = leash?.tied === true && whereIs("setpriv") !== null;
  return canTie ? tied("/bin/sh", command) : ["/bin/sh", ...command];
}

/** Past the limit a write fails with EFBIG, which the guest is told as an error of its disk; blocks of 512 (POSIX). */
const bound = ({ fileLimit }: Leash): string[] => ["trap '' XFSZ", `ulimit -f ${Math.ceil(fileLimit / 512)} || exit 1`];

function start({ program, argv, links, name }: Helper): string[] {
  const made = Object.entries(links).map(([path, target]) => `ln -sfn ${quote(target)} ${quote(path)}`);
  const command = [...tie(), program, ...argv].map(quote).join(" ");
  return [...made, `${command} >${quote(logOf(name))} 2>&1 &`, `${pidOf(name)}=$!`];
}

/** Linux alone can tie a process to its parent; elsewhere a helper ends when QEMU disconnects. */
function tie(): string[] {
  const setpriv = platform() === "linux" ? whereIs("setpriv") : null;
  return setpriv === null ? [] : [setpriv, "--pdeathsig", "TERM", "--"];
}

/** A child that has ended is a zombie, or gone: some shells wait for it beside others. */
const AWAIT = `await_helper() {
  n=0
  while ! [ -S "$2" ]; do
    n=$((n + 1))
    kill -0 "$3" 2>/dev/null || n=${PATIENCE + 1}
    case $(cat "/proc/$3/stat" 2>/dev/null) in *') Z '*) n=${PATIENCE + 1} ;; esac
    if [ $n -gt ${PATIENCE} ]; then
      echo "$1 did not come up:" $(tail -n 3 "$1.log") >&2
      trap '' TERM
      kill 0
      exit 1
    fi
    sleep 0.05
  done
}`;

/** In the sockets' folder, where the shell works. */
const logOf = (name: string): string => `${name}.log`;
const pidOf = (name: string): string => `pid_${name.replace(/[^A-Za-z0-9]/g, "_")}`;

export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
