import { join } from "node:path";
import { makeOwnFolder } from "../../host/folder.ts";
import { partialBeside, sweepPartialsIn } from "../../host/partial.ts";
import { lastLines } from "../../host/program/tail-buffer.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import type { MachineDisk, Share } from "../../machine/machine.ts";
import { inDisposable } from "./in-disposable.ts";
import { type InputFile, writeInputDisk } from "./input-disk.ts";
import { makeResultDisk, openResult, type Result, type ResultLimits } from "./result-disk.ts";

/** Work for a machine that is made for it, has no network, and is thrown away. */
export interface Job {
  /** What it is, for messages: `clean "photo.jpg"`. */
  readonly doing: string;
  readonly files: readonly InputFile[];
  /** Bytes that each of them may have. */
  readonly most: number;
  /** Bytes of the disk that the result comes back on. */
  readonly resultBytes: number;
  readonly limits: ResultLimits;
  /** Folders of the host that the guest may read, by name; each at `/run/guestkit/NAME`. */
  readonly shares?: Readonly<Record<string, string>>;
  /** For a POSIX shell, as root, with `$in` and `$out` the devices of the two disks. */
  readonly script: string;
  readonly timeoutMs: number;
}

/** A script's exit code that says that the image lacks a program; the rest of its message is what. */
export const LACKS = 97;
/** One that says, in words that we gave it, why the file is refused. */
export const REFUSED = 96;

/**
 * Runs a job in a machine made from `base`, and hands its result on when that machine is gone: nothing of the guest's is
 * run, mounted or trusted here. Throws `E_CLEAN_IMAGE`, `E_CLEAN_REFUSED`, `E_CLEAN_FAILED`, `E_GUEST_TIMEOUT`, and what
 * starting says.
 */
export async function runJob<T>(
  base: string,
  job: Job,
  context: Context,
  take: (result: Result) => Promise<T>,
): Promise<T> {
  const parent = join(context.settings.cacheDir, "clean");
  await makeOwnFolder(parent);
  await sweepPartialsIn(parent);
  await using work = partialBeside(join(parent, "job"), "work");
  await makeOwnFolder(work.path);
  const [input, output] = [join(work.path, "in.raw"), join(work.path, "out.raw")];
  context.progress({ phase: "packing" });
  await writeInputDisk(input, job.files, { most: job.most, signal: context.signal });
  await makeResultDisk(output, job.resultBytes);
  await runInGuest(base, job, { input, output }, context);
  context.progress({ phase: "taking the result" });
  await using result = await openResult(output, job.limits);
  return await take(result);
}

async function runInGuest(base: string, job: Job, disks: { input: string; output: string }, context: Context) {
  const shares = Object.entries(job.shares ?? {}).map(([name, path]) => [name, readOnly(name, path)] as const);
  const additions = {
    disks: {
      [DISK.input]: rawDisk(disks.input, SERIAL.input, true),
      [DISK.output]: rawDisk(disks.output, SERIAL.output),
    },
    shares: Object.fromEntries(shares),
    largestFile: job.resultBytes,
  };
  const command = { script: `${LOOK_AROUND}\n${job.script}`, timeoutMs: job.timeoutMs };
  const { exitCode, stderr } = await inDisposable(base, additions, command, context);
  if (exitCode !== 0) throw failed(base, job, exitCode, stderr);
}

/** After the base's own in every order that goes by name. */
const DISK = { input: "zz-guestkit-in", output: "zz-guestkit-out" };
const SERIAL = { input: "gk-in", output: "gk-out" };

const rawDisk = (image: string, serial: string, read_only = false): MachineDisk => ({
  ...{ image, format: "raw", allow_backing_files: false, overlay: false, size: null, bus: "virtio", read_only },
  ...{ sector_size: 512, discard: "ignore", cache: "unsafe" },
  ...{ boot_order: null, serial },
});

const readOnly = (name: string, path: string): Share => ({
  ...{ path, kind: null, mount: `/run/guestkit/${name}`, read_only: true, options: [], ownership: "squash" },
});

/** The kernel's own ways to tell network devices and disks: a guest need not have udev. */
const LOOK_AROUND = `set -eu
for each in /sys/class/net/*; do
case \${each##*/} in
lo | "*") ;;
*) echo "it has the network device \${each##*/}" >&2; exit 1 ;;
esac
done
in= out=
for each in /sys/block/vd*; do
case $(cat "$each/serial" 2>/dev/null) in
${SERIAL.input}) in=/dev/\${each##*/} ;;
${SERIAL.output}) out=/dev/\${each##*/} ;;
esac
done
[ -n "$in" ] && [ -n "$out" ] || { echo "the guest does not see its disks" >&2; exit 1; }`;

/** The last words of a guest: short, and nothing that a terminal would obey. */
const LONGEST_MESSAGE = 400;

function failed(base: string, { doing }: Job, exitCode: number, stderr: string): GuestkitError {
  const said = printable(lastLines(stderr.slice(-4096), 1)[0]?.slice(0, LONGEST_MESSAGE) ?? "");
  if (exitCode === LACKS) return lacks(base, said);
  if (exitCode === REFUSED) return new GuestkitError("E_CLEAN_REFUSED", `Cannot ${doing}: ${said}`);
  const why = said === "" ? `it ended with ${exitCode}` : said;
  return new GuestkitError("E_CLEAN_FAILED", `Cannot ${doing}: in the guest: ${why}`, {
    help: "Nothing was written; the file may be damaged, or made to do harm.",
  });
}

/** Throws by name what an image needs and has not. */
export function lacks(base: string, what: string): GuestkitError {
  return new GuestkitError("E_CLEAN_IMAGE", `Cannot use "${base}" for this: its image lacks ${what}`, {
    help: "The guide's page on clean files has a declaration that builds one with all that is needed.",
  });
}
