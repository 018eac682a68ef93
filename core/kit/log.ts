export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";
export type LogSink = (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

let sink: LogSink | undefined;

/** Chooses where log lines go (a face does, once); nothing is logged until then. */
export function setLogSink(next: LogSink | undefined): void {
  sink = next;
}

export function log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  sink?.(level, message, fields);
}
