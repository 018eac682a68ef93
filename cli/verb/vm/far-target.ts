import { GuestkitError, type SshTarget } from "@guestkit/core/kit";
import { contractOf } from "@guestkit/core/model";
import { openEngine } from "@guestkit/core/remote";
import { progressDisplay } from "../../output/progress.ts";

/**
 * How a machine of another host is logged in to from here: by way of ssh to the host, with the machine's key and host keys
 * brought here. Throws `E_HOST_...`, `E_MACHINE_UNKNOWN`, and `E_GUEST_NO_WAY` where no port leads into it.
 */
export async function farTarget(host: string, name: string, signal: AbortSignal): Promise<SshTarget> {
  using display = progressDisplay();
  const options = { signal, progress: display.show };
  const engine = await openEngine({ host, ...options });
  const target = await engine.wayIn(contractOf("virtual_machine", "resource"), name, { ...options, isLogin: true });
  if (target) return target;
  await engine.query(contractOf("virtual_machine_info", "query"), { name }, options);
  throw new GuestkitError(
    "E_GUEST_NO_WAY",
    `Cannot log in to "${name}" of the host "${host}": no forward leads there`,
    {
      help: `See what it has: guestkit vm status ${name} --host ${host}`,
    },
  );
}
