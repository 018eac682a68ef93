import type { Progress } from "./context.ts";
import { printable } from "./name.ts";
import { withoutSecrets } from "./secrets.ts";
import { formatSize } from "./size.ts";

/** `downloading 12 MiB of 300 MiB (4%) debian.qcow2`, for people and without secrets. */
export function progressText({ phase, done, total, unit, detail }: Progress): string {
  const count = (value: number) => (unit === "bytes" ? formatSize(value) : String(value));
  const amount =
    done === undefined ? "" : count(done) + (total ? ` of ${count(total)} (${percent(done, total)}%)` : "");
  return printable(withoutSecrets([phase, amount, detail].filter(Boolean).join(" ")));
}

function percent(done: number, total: number): number {
  return Math.min(100, Math.floor((done / total) * 100));
}
