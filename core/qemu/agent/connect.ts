import { GuestkitError } from "../../kit/errors.ts";
import { openJsonSocket } from "../wire/json-socket.ts";
import { Agent } from "./agent.ts";
import { silent, unreachable } from "./error.ts";
import { AgentSession } from "./session.ts";

export interface AgentConnectOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the agent must have been heard: as long as the guest may take to start it. */
  readonly timeoutMs?: number;
}

const CONNECT_MS = 10_000;

/**
 * Connects to the agent's channel on a unix socket, and waits until the agent is heard there.
 * Throws `E_AGENT_CONNECT` (nothing listens), `E_AGENT_SILENT`, `E_AGENT_CLOSED`, the signal's reason.
 */
export async function connectAgent(path: string, options: AgentConnectOptions = {}): Promise<Agent> {
  const { signal, timeoutMs = CONNECT_MS } = options;
  signal?.throwIfAborted();
  const session = new AgentSession(path);
  const end = performance.now() + timeoutMs;
  try {
    const handlers = { onItem: session.receive.bind(session), onClose: session.end.bind(session) };
    const late = () => silent(path, timeoutMs);
    session.attach(
      await openJsonSocket(path, { ...handlers, limit: () => session.answerLimit, signal, timeoutMs }, late),
    );
    await session.hear({ timeoutMs: Math.max(1, end - performance.now()), ...(signal && { signal }) });
    return new Agent(session);
  } catch (error) {
    session.close();
    throw error instanceof GuestkitError || signal?.aborted ? error : unreachable(path, error);
  }
}
