import { firstLogin, login, placeText, sshTarget } from "../../../communicator/ssh/index.ts";
import { demandTarget } from "../../../communicator/way/open-way.ts";
import { asGuestkitError } from "../../../kit/errors.ts";
import { type Condition, notYet, READY } from "./condition.ts";
import { probePort, sshPlaceOf } from "./probe.ts";

/** One login (ms), and the server's greeting in it (s): a guest under TCG takes many. */
const LOGIN = 90_000;
const GREETING = 30;

/** One can log in and run a command: QEMU accepts connections to a forward whether or not a server is behind it. */
export const ssh: Condition = {
  what: () => "SSH",
  missed: () => "one could not log in by SSH",
  pause: 1_000,
  look: async (scene, _wait, signal) => {
    const { machine, folder, run, firstStart } = scene;
    const target = sshTarget(machine, folder, run) ?? demandTarget(machine);
    // Not by the client itself: its one connection may be answered long after the guest's network is up.
    const seen = await probePort(scene, sshPlaceOf(scene, target), signal);
    if (seen !== null) return notYet(`no SSH server answers behind ${placeText(target)} (${seen})`);
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
