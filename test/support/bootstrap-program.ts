import { join } from "node:path";
import { bootstrapDebian } from "../../core/build/bootstrap/index.ts";
import { reportError } from "../../core/kit/errors.ts";
import { diskImage } from "../../core/model/contracts/disk-image.ts";

/**
 * Run by tests as an ordinary user: bootstraps what its argument declares. Prints a JSON line for each step, and one
 * with `result` or `error` at the end. SIGINT aborts.
 */
interface Job {
  readonly path: string;
  readonly size: number | null;
  readonly cacheDir: string;
  readonly bootstrap: Record<string, unknown>;
}

const job: Job = JSON.parse(process.argv[2] ?? "");
const abort = new AbortController();
process.once("SIGINT", () => abort.abort(new DOMException("interrupted", "AbortError")));
const print = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const input = diskImage.input.parse({ path: job.path, bootstrap: job.bootstrap }).bootstrap;
if (!input) throw new Error("nothing is declared");
try {
  const result = await bootstrapDebian(input, job, {
    signal: abort.signal,
    progress: print,
    settings: {
      cacheDir: job.cacheDir,
      dataDir: join(job.cacheDir, "data"),
      runtimeDir: join(job.cacheDir, "run"),
      mirror: process.env.GUESTKIT_MIRROR ?? null,
    },
  });
  print({ result });
} catch (error) {
  print({ error: reportError(error) });
  process.exitCode = 1;
}
