import { connect } from "node:net";

/** Time between two looks whether Pulumi is still there (ms). */
const INTERVAL = 1000;
/** Time to clean up after it is gone (ms). */
const GRACE = 2000;

/**
 * Runs `work` and stops it when the engine that asked for it dies. Pulumi tells nothing of its end to a dynamic
 * provider, whose process would go on alone: so the engine's own port is tried now and then.
 */
export async function whilePulumiLives<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const port = enginePort();
  let gone = 0;
  const timer = setInterval(async () => {
    gone = port === null || (await answersAt(`127.0.0.1:${port}`)) ? 0 : gone + 1;
    if (gone !== 2) return;
    stop.abort();
    setTimeout(() => process.exit(1), GRACE);
  }, INTERVAL);
  try {
    return await work(stop.signal);
  } finally {
    clearInterval(timer);
  }
}

/** The dynamic provider's process is started with the engine's address. */
function enginePort(): number | null {
  const port = process.argv.map((each) => /^127\.0\.0\.1:(\d+)$/.exec(each)?.[1]).find((each) => each !== undefined);
  return port === undefined ? null : Number(port);
}

/** Whether something listens at HOST:PORT. */
export function answersAt(address: string): Promise<boolean> {
  const [host = "", port] = [address.slice(0, address.lastIndexOf(":")), address.slice(address.lastIndexOf(":") + 1)];
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    const end = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
