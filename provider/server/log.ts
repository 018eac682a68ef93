import type { LogLevel, Progress } from "@guestkit/core/kit";

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug", "trace"];
/** The least that is written; engines filter once more by their own TF_LOG. */
const wanted = LEVELS.indexOf(process.env.GUESTKIT_LOG as LogLevel);
const threshold = wanted < 0 ? LEVELS.indexOf("debug") : wanted;

/** One line of JSON on stderr, which engines take into their own log (`TF_LOG_PROVIDER`). */
export function writeLog(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  if (LEVELS.indexOf(level) > threshold) return;
  const line = {
    "@level": level,
    "@message": message,
    "@module": "guestkit",
    "@timestamp": new Date().toISOString(),
    ...fields,
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

const INTERVAL_MS = 1000;
const last = new Map<string, { phase: string; at: number }>();

/** Progress of one thing: each phase once, and within a phase a line a second. */
export function logProgress(thing: string, event: Progress): void {
  const before = last.get(thing);
  const now = Date.now();
  if (before?.phase === event.phase && now - before.at < INTERVAL_MS) return;
  last.set(thing, { phase: event.phase, at: now });
  writeLog("info", event.phase, { thing, ...event });
}
