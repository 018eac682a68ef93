import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setLogSink } from "../../../core/kit/log.ts";
import { createProvider } from "../../../provider/server/provider.ts";
import { listen } from "../../../provider/transport/server.ts";

/** The provider's address: of no registry. */
export const SOURCE = "test.invalid/guestkit/guestkit";

/** The provider in this very process, which engines are told to use. */
export interface Reattached extends AsyncDisposable {
  /** For the engine's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Serves the provider from its sources: a plan costs no start of a process. */
export async function reattach(): Promise<Reattached> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-reattach-"));
  const socket = join(folder, "provider.sock");
  const provider = createProvider();
  // It logs for an engine that started it.
  setLogSink(() => {});
  const server = await listen({ socket, provider: async () => provider, onShutdown: () => {} });
  const place = { Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true };
  const told = { ...place, Addr: { Network: "unix", String: socket } };
  return {
    env: {
      TF_REATTACH_PROVIDERS: JSON.stringify({ [SOURCE]: told }),
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    },
    [Symbol.asyncDispose]: async () => {
      await provider.stop();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
