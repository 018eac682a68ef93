import { EXIT } from "../../command/command.ts";
import { writeOut } from "../../output/stdout.ts";

/** Where samples are shown. Disposing gives the terminal back as it was. */
export interface Screen extends Disposable {
  readonly show: (text: string) => void;
  /** How it was left; null where nobody has. */
  readonly left: () => Left | null;
}

type Left = "quit" | "interrupted";

export interface ScreenOptions {
  /** On a terminal each sample takes the place of the last one. */
  readonly live: boolean;
  /** Aborted when somebody leaves. */
  readonly leave: AbortController;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const CTRL_C = 3;
/** The alternate screen, without a cursor; and back. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const BACK = "\x1b[?25h\x1b[?1049l";

export function openScreen({ live, leave }: ScreenOptions): Screen {
  let left: Left | null = null;
  const onLeave = (how: Left) => {
    // Whoever asks twice does not want to wait.
    if (left !== null) process.exit(EXIT.interrupted);
    left = how;
    leave.abort();
  };
  const isLive = live && process.stdout.isTTY === true;
  const releases = [onSignals(onLeave), ...(isLive ? [readKeys(onLeave), drawn()] : [])];
  let frame = "";
  const draw = () => writeOut(pageOf(frame));
  if (isLive) process.stdout.on("resize", draw);
  return {
    show: (text) => {
      frame = text;
      if (isLive) draw();
      else writeOut(text);
    },
    left: () => left,
    [Symbol.dispose]: () => {
      process.stdout.off("resize", draw);
      for (const release of releases.toReversed()) release();
    },
  };
}

function onSignals(onLeave: (how: Left) => void): () => void {
  const listener = () => onLeave("interrupted");
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}

/** Raw mode: a key counts without Enter, and Ctrl-C is one. */
function readKeys(onLeave: (how: Left) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const onData = (bytes: Buffer) => {
    if (bytes.includes(CTRL_C)) onLeave("interrupted");
    else if (/^[qQ]/.test(bytes.toString("latin1"))) onLeave("quit");
  };
  const restore = () => void stdin.setRawMode(false);
  stdin.setRawMode(true);
  stdin.on("data", onData);
  process.once("exit", restore);
  return () => {
    process.off("exit", restore);
    stdin.off("data", onData);
    restore();
    stdin.pause();
  };
}

/** Whatever ends the process, the terminal is given back. */
function drawn(): () => void {
  const restore = () => {
    try {
      writeOut(BACK);
    } catch {
      // The terminal has gone.
    }
  };
  process.once("exit", restore);
  writeOut(`${ENTER}\x1b[H\x1b[JMeasuring...\n`);
  return () => {
    process.off("exit", restore);
    restore();
  };
}

/** As much as the terminal shows: a line that it would break moves all others. */
function pageOf(text: string): string {
  // A terminal that does not know its size says 0.
  const columns = process.stdout.columns || 80;
  const rows = process.stdout.rows || 24;
  const head = `guestkit vm top, ${new Date().toTimeString().slice(0, 8)}; q leaves`;
  const lines = [head, "", ...text.trimEnd().split("\n")].slice(0, rows - 1);
  return `\x1b[H${lines.map((line) => `${[...line].slice(0, columns).join("")}\x1b[K\n`).join("")}\x1b[J`;
}
