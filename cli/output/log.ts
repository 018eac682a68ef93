import type { LogLevel, LogSink } from "@guestkit/core/kit";

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug", "trace"];

/** Log lines as JSON on standard error, up to the level that GUESTKIT_LOG names. */
export function logSink(level: string | undefined): LogSink | undefined {
  const limit = LEVELS.indexOf(level as LogLevel);
  if (limit < 0) return undefined;
  return (at, message, fields) => {
    if (LEVELS.indexOf(at) > limit) return;
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: at, message, ...fields })}\n`);
  };
}
