import { GuestkitError } from "../kit/errors.ts";
import { type Host, seeLogin } from "./host.ts";

/** How long a host may take to say its first words, ms. Its sshd answers for a login that hangs. */
const PATIENCE_MS = 120_000;

export interface InTimeOptions {
  /** Ends the line. */
  readonly end: () => void;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly patience?: number | undefined;
  /** What is told of a host that took longer; that it says nothing where left out. */
  readonly late?: (host: Host, patience: number) => GuestkitError;
}

/**
 * What comes of work with a host. Where that is stopped, or nothing comes in time, the line is ended. The time begins anew
 * whenever the work calls `alive`. Throws `E_HOST_UNREACHABLE`, or what `late` gives.
 */
export async function inTime<T>(
  host: Host,
  work: (alive: () => void) => Promise<T>,
  { end, signal, patience = PATIENCE_MS, late = silent }: InTimeOptions,
): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (error: unknown) => {
    reject(error);
    end();
  };
  const stop = () => giveUp(signal?.reason);
  const timer = setTimeout(() => giveUp(late(host, patience)), patience);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([given, work(() => timer.refresh())]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function silent(host: Host, patience: number): GuestkitError {
  const message = `Cannot reach the host "${host.name}": it has said nothing for ${Math.ceil(patience / 1000)} s`;
  return new GuestkitError("E_HOST_UNREACHABLE", message, { help: seeLogin(host) });
}
