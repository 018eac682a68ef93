import type { Socket } from "node:net";
import type { Context } from "../kit/context.ts";
import { LineCutter } from "../kit/lines.ts";
import { timerMs } from "../kit/timer.ts";
import { connectQmp } from "../qemu/qmp/index.ts";
import type { Booted } from "./boot.ts";
import { packCpio } from "./cpio.ts";
import { demandDisks, type JobDisk, plug, unplug } from "./disks.ts";
import { died, late, unclean } from "./failure.ts";
import type { AppliancePlace } from "./place.ts";
import { type Report, ReportReader } from "./report.ts";
import { GuestTree } from "./tree.ts";

/** A script for the appliance, and what it works on. */
export interface Job {
  /** By the names that the script sees below /disk: small letters, digits and hyphens, at most 20. */
  readonly disks: Readonly<Record<string, JobDisk>>;
  /** For `/bin/sh`, as root, in /job, where `files` lie; what it mounts is unmounted behind it. */
  readonly script: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** How long it may take (ms). */
  readonly timeoutMs?: number;
  /** What is being done, for progress. */
  readonly phase?: string;
}

/** An appliance that is up, and what ends it at once. */
export interface Running extends Booted {
  readonly place: AppliancePlace;
  end(): void;
}

const TIMEOUT_MS = 10 * 60_000;
/** Bytes of a line that are looked at, and characters of it that are shown. */
const [LONGEST_LINE, SHOWN] = [64 << 10, 200];

/**
 * Runs a job to its end. Its disks are let go of then, whatever its exit code is. Throws `E_APPLIANCE_DISK`,
 * `E_APPLIANCE_TIMEOUT`, `E_APPLIANCE_DIED`, `E_APPLIANCE_UNCLEAN` (a disk was still held), `E_APPLIANCE_REPORT`, what
 * QEMU refuses of a disk (`E_QMP_COMMAND`), the signal's reason; the appliance is gone then.
 */
export async function runJob(running: Running, job: Job, context: Context): Promise<Report> {
  demandDisks(job.disks);
  const { timeoutMs = TIMEOUT_MS } = job;
  const deadline = AbortSignal.timeout(timerMs(timeoutMs));
  const signal = AbortSignal.any([context.signal, deadline]);
  try {
    return await run(running, job, { ...context, signal });
  } catch (error) {
    // Nobody knows what it still does: the next job needs another.
    running.end();
    context.signal.throwIfAborted();
    if (deadline.aborted) throw await late(running.place, timeoutMs);
    throw error;
  }
}

async function run(running: Running, job: Job, context: Context): Promise<Report> {
  await using qmp = await connectQmp(running.place.socket("qmp"), { signal: context.signal });
  await plug(qmp, job.disks);
  const report = await talk(running, job, context);
  await unplug(qmp, job.disks, context);
  if (!report.isClean) throw await unclean(running.place);
  return report;
}

/** Sends the job and awaits its report; what it says meanwhile is told as progress. */
async function talk({ job: line, live, place }: Running, job: Job, context: Context): Promise<Report> {
  const { phase = "running in the appliance" } = job;
  const tell = (said: Uint8Array | null) => {
    const detail = new TextDecoder()
      .decode(said ?? undefined)
      .trim()
      .slice(0, SHOWN);
    if (detail !== "") context.progress({ phase, detail });
  };
  const cutter = new LineCutter(tell, { most: LONGEST_LINE, progress: true });
  const onLive = (piece: Uint8Array) => cutter.push(piece);
  context.progress({ phase });
  live.on("data", onLive);
  try {
    const [report] = await Promise.all([reportFrom(line, place, context.signal), send(line, job)]);
    return report;
  } finally {
    live.off("data", onLive);
  }
}

/** The next report that comes in. */
async function reportFrom(line: Socket, place: AppliancePlace, signal: AbortSignal): Promise<Report> {
  const { promise, resolve, reject } = Promise.withResolvers<Report | null>();
  const reader = new ReportReader();
  const onData = (piece: Uint8Array) => {
    try {
      const report = reader.push(piece);
      if (report) resolve(report);
    } catch (error) {
      reject(error);
    }
  };
  const onClose = () => resolve(null);
  const onAbort = () => reject(signal.reason);
  line.on("data", onData).once("close", onClose);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return (await promise) ?? Promise.reject(await died(place));
  } finally {
    line.off("data", onData).off("close", onClose);
    signal.removeEventListener("abort", onAbort);
  }
}

async function send(line: Socket, { script, disks, files = {} }: Job): Promise<void> {
  const tree = new GuestTree();
  for (const [name, content] of Object.entries(files)) tree.file(name, async () => bytesOf(content));
  tree.text(
    "disks",
    Object.keys(disks)
      .map((name) => `${name}\n`)
      .join(""),
  );
  tree.text("script", script);
  for await (const piece of packCpio(tree)) {
    if (line.destroyed) return;
    if (!line.write(piece)) await drained(line);
  }
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

/** Until there is room again, or nobody listens any more. */
function drained(line: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      line.off("drain", done).off("close", done);
      resolve();
    };
    line.on("drain", done).on("close", done);
  });
}
