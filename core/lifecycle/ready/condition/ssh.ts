import { firstLogin, login, sshTarget } from "../../../communicator/ssh/index.ts";
import { demandTarget } from "../../../communicator/way/open-way.ts";
import { asGuestkitError } from "../../../kit/errors.ts";
import { type Condition, notYet, READY } from "./condition.ts";

/** One login (ms), and the server's greeting in it (s): a guest under TCG takes many. */
const LOGIN = 90_000;
const GREETING = 30;

/** One can log in and run a command: QEMU accepts connections to a forward whether or not a server is behind it. */
export const ssh: Condition = {
  what: () => "SSH",
  missed: () => "one could not log in by SSH",
  pause: 1_000,
  look: async ({ machine, folder, run, firstStart }, _wait, signal) => {
    const target = sshTarget(machine, folder, run) ?? demandTarget(machine);
    try {
      await (firstStart ? firstLogin : login)(target, { signal, timeoutMs: LOGIN, connectTimeout: GREETING });
      return READY;
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = asGuestkitError(error);
      if (code === "E_SSH_HOST_KEY" || code === "E_TOOL_MISSING") throw error;
      return notYet(message);
    }
  },
};
