import { type Progress, progressText } from "@guestkit/core/kit";

/** Shows the progress of one or more things; disposing clears what is there. */
export interface ProgressDisplay extends Disposable {
  /** One thing's step. */
  readonly show: (event: Progress) => void;
  /** The same for one of several. */
  readonly showFor: (title: string) => (event: Progress) => void;
  readonly clear: () => void;
}

/** Between two looks of a terminal, and between two lines of one phase in a pipe (ms). */
const FRAME = 100;
const LINE = 10_000;
/** A run that ends sooner shows nothing (ms). */
const DELAY = 300;
const BAR = 24;

/** Bars on a terminal, plain lines elsewhere; both on standard error. */
export function progressDisplay(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function lines(stream: NodeJS.WriteStream): ProgressDisplay {
  const last = new Map<string, { phase: string; at: number }>();
  const started = performance.now();
  let held: NodeJS.Timeout | undefined;
  const letGo = () => clearTimeout(held);
  const showFor = (title: string) => (event: Progress) => {
    const now = performance.now();
    const before = last.get(title);
    if (event.warning) return void stream.write(line(title, event));
    if (before?.phase === event.phase && now - before.at < LINE) return;
    last.set(title, { phase: event.phase, at: now });
    letGo();
    const early = title === "" ? DELAY - (now - started) : 0;
    if (early > 0) held = setTimeout(() => stream.write(line(title, event)), early).unref();
    else stream.write(line(title, event));
  };
  return { show: showFor(""), showFor, clear: letGo, [Symbol.dispose]: letGo };
}

function bars(stream: NodeJS.WriteStream): ProgressDisplay {
  const rows = new Map<string, Progress>();
  const started = performance.now();
  let drawn = 0;
  let last = 0;
  const clear = () => {
    if (drawn > 0) stream.write(`\x1b[${drawn}F\x1b[J`);
    drawn = 0;
    rows.clear();
  };
  const draw = () => {
    const now = performance.now();
    if (now - last < FRAME || now - started < DELAY) return;
    last = now;
    const width = (stream.columns ?? 80) - 1;
    const shown = [...rows].slice(-10).map(([title, event]) => row(title, event).slice(0, width));
    stream.write(`${drawn > 0 ? `\x1b[${drawn}F` : ""}${shown.map((line) => `\x1b[2K${line}\n`).join("")}\x1b[J`);
    drawn = shown.length;
  };
  const showFor = (title: string) => (event: Progress) => {
    if (event.warning) {
      clear();
      return void stream.write(line(title, event));
    }
    rows.set(title, event);
    draw();
  };
  return { show: showFor(""), showFor, clear, [Symbol.dispose]: clear };
}

const line = (title: string, event: Progress): string => `${[title, progressText(event)].filter(Boolean).join(": ")}\n`;

function row(title: string, event: Progress): string {
  const { done, total } = event;
  const part = done !== undefined && total ? Math.min(1, done / total) : undefined;
  const filled = part === undefined ? "" : `[${"#".repeat(Math.round(part * BAR)).padEnd(BAR, ".")}] `;
  return `${filled}${[title, progressText(event)].filter(Boolean).join(": ")}`;
}
