import { asGuestkitError } from "../../../kit/errors.ts";
import { connectAgent } from "../../../qemu/agent/index.ts";
import { type Condition, notYet, READY } from "./condition.ts";

/** One conversation: the agent is asked anew within it (ms). */
const LISTEN = 30_000;

/** The guest agent answers: not that its service was started, but that it speaks. */
export const agent: Condition = {
  what: () => "the guest agent",
  missed: () => "its guest agent did not answer",
  pause: 500,
  look: async (scene, _wait, signal) => {
    try {
      await using connection = await connectAgent(scene.folder.socket("agent"), { signal, timeoutMs: LISTEN });
      await connection.ping({ signal, timeoutMs: LISTEN });
      scene.agentAnswered = true;
      return READY;
    } catch (error) {
      signal.throwIfAborted();
      return notYet(asGuestkitError(error).message);
    }
  },
};
