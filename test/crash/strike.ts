import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { whereIs } from "../../core/host/program/process.ts";
import { repository } from "../support/engines.ts";
import type { Bed, RunOptions, Said } from "./bed.ts";
import type { Point } from "./point.ts";
import { CALLS, type Call, callsOf, FOLLOWED } from "./trace.ts";
import { commandOf, type Writer } from "./writer.ts";

/** What guestkit has run for it. */
const PROGRAMS = [
  "qemu-img",
  "qemu-io",
  "sfdisk",
  "mke2fs",
  "e2fsck",
  "resize2fs",
  "debugfs",
  "mkfs.vfat",
  "mcopy",
  "git",
];

/** strace on these calls alone. */
const strace = (log: string, calls: readonly string[]) => [
  ...["strace", "-f", "-y", "--pidns-translation", "-s", "0", "-q", "-o", log],
  ...["-e", `trace=${calls.join(",")}`],
];

/** strace ends when all that it traces has ended: what is to run on is let go where it becomes another program. */
const without = ({ end }: Writer) => (end ? ["--detach-on=execve"] : []);

/**
 * Stands on PATH before each program, counts its runs, and lets the chosen one run under strace. Where guestkit is to
 * end with it, it does so before it can see how the program ended.
 */
const SHIM = `#!/bin/sh
name=\${0##*/}
runs=$GUESTKIT_CRASH_COUNTS/$name
count=0
[ -f "$runs" ] && read -r count <"$runs"
count=$((count + 1))
echo "$count" >"$runs"
[ "$name#$count" = "$GUESTKIT_CRASH_VICTIM" ] || exec "REAL" "$@"
[ "$GUESTKIT_CRASH_DEED" = kill ] || exec $GUESTKIT_CRASH_STRACE "REAL" "$@"
$GUESTKIT_CRASH_STRACE "REAL" "$@"
code=$?
[ "$code" -lt 128 ] || kill -KILL "$PPID"
exit "$code"
`;

/** Runs a bed's command lines under strace: to learn their calls, or to stop them at one. */
export class Striker {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `folder` lies outside of the bed. */
  static async in(folder: string): Promise<Striker> {
    await mkdir(join(folder, "shims"), { recursive: true });
    for (const program of PROGRAMS) {
      const real = whereIs(program);
      if (!real) continue;
      const shim = join(folder, "shims", program);
      await writeFile(shim, SHIM.replaceAll("REAL", real));
      await chmod(shim, 0o755);
    }
    return new Striker(folder);
  }

  /** A run to its end; gives the calls at which another can be stopped. */
  async learn(bed: Bed, writer: Writer): Promise<readonly Call[]> {
    const log = join(this.#folder, "calls.log");
    const under = [...strace(log, [...CALLS, ...FOLLOWED]), ...without(writer)];
    await bed.must(commandOf(writer), { under, env: await this.#env() });
    return callsOf(await readFile(log, "utf8"), bed.folder);
  }

  /** A run that is stopped; `hit` is whether it came so far. */
  async strike(bed: Bed, writer: Writer, point: Point): Promise<Said & { readonly hit: boolean }> {
    const log = join(this.#folder, "strike.log");
    await rm(log, { force: true });
    const said = await bed.run(commandOf(writer), await this.#optionsFor(point, log, writer));
    await bed.quiet(!writer.end);
    const seen = await readFile(log, "utf8").catch(() => "");
    return { ...said, hit: /\(INJECTED\)|killed by SIGKILL/.test(seen) };
  }

  async #optionsFor({ victim, call, nth, deed }: Point, log: string, writer: Writer): Promise<RunOptions> {
    const what = deed.startsWith("kill") ? "signal=KILL" : `error=${deed}`;
    // A filter in the kernel lets anything else run at full speed, but with it strace 6.1 sends no signal.
    const filter = deed.startsWith("kill") ? [] : ["--seccomp-bpf"];
    const under = [...strace(log, [call]), ...without(writer), ...filter, "-e", `inject=${call}:${what}:when=${nth}`];
    if (victim === "guestkit") return { under, env: await this.#env() };
    const chosen = { GUESTKIT_CRASH_VICTIM: victim, GUESTKIT_CRASH_DEED: deed, GUESTKIT_CRASH_STRACE: under.join(" ") };
    return { env: { ...(await this.#env()), ...chosen } };
  }

  /** Fresh counts, and the shims first on PATH. */
  async #env(): Promise<Record<string, string>> {
    const counts = join(this.#folder, "counts");
    await rm(counts, { recursive: true, force: true });
    await mkdir(counts);
    return {
      GUESTKIT_CRASH_COUNTS: counts,
      PATH: `${join(this.#folder, "shims")}:${join(repository, "scripts")}:${process.env.PATH}`,
    };
  }
}
