import type { FileHandle } from "node:fs/promises";
import { Worker } from "node:worker_threads";

export type Algorithm = "sha1" | "sha256" | "sha512";

/**
 * What the thread runs: a script, since bundles are one file. A descriptor is the whole process's; reads are positional, so
 * that nobody's place in the file moves.
 */
const THREAD = `
const { createHash } = require("node:crypto");
const { readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const hashes = workerData.algorithms.map((each) => createHash(each));
const piece = Buffer.allocUnsafe(1 << 20);
for (let { start: at, end } = workerData; at < end; ) {
  const length = readSync(workerData.fd, piece, 0, Math.min(piece.length, end - at), at);
  if (length === 0) break;
  for (const hash of hashes) hash.update(piece.subarray(0, length));
  at += length;
}
parentPort.postMessage(hashes.map((hash) => hash.digest("hex")));
`;

/** Bytes of a file. */
export interface FilePart {
  readonly start: number;
  readonly end: number;
}

const WHOLE: FilePart = { start: 0, end: Number.MAX_SAFE_INTEGER };

/**
 * The digests of an open file, or of a part of it, in the order asked for: on a thread of their own, so that whatever
 * else runs, and a stop, is not kept waiting. Throws the signal's reason and the system's own errors.
 */
export async function digestsOf(
  { fd }: FileHandle,
  algorithms: readonly Algorithm[],
  signal: AbortSignal,
  { start, end }: FilePart = WHOLE,
): Promise<readonly string[]> {
  signal.throwIfAborted();
  const thread = new Worker(THREAD, { eval: true, workerData: { fd, algorithms, start, end } });
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  thread.once("message", resolve).once("error", reject);
  thread.once("exit", () => reject(new Error("the thread that hashes has ended")));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    // It has the descriptor until it has ended.
    await thread.terminate();
  }
}
