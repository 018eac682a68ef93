import { withoutSecrets } from "./secrets.ts";

export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";
export type LogSink = (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

let sink: LogSink | undefined;

/** Chooses where log lines go (a face does, once); nothing is logged until then. */
export function setLogSink(next: LogSink | undefined): void {
  sink = next;
}

export function log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  sink?.(level, withoutSecrets(message), tellable(fields) as typeof fields);
}

function tellable(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(tellable);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, tellable(each)]));
}
