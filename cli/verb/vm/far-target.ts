import { GuestkitError, type SshTarget } from "@guestkit/core/kit";
import { contractOf } from "@guestkit/core/model";
import { openEngine } from "@guestkit/core/remote";
import { progressDisplay } from "../../output/progress.ts";

/** How a machine is asked for. */
interface Asked {
  readonly signal: AbortSignal;
  /** A paused one counts as well. */
  readonly frozen?: boolean;
}

/**
 * How a machine of another host is logged in to from here: by way of ssh to the host, with the machine's key and host keys
 * brought here. Throws `E_HOST_...`, `E_MACHINE_UNKNOWN`, `E_MACHINE_STOPPED`, and `E_GUEST_NO_WAY` where no port leads into it.
 */
export async function farTarget(host: string, name: string, { signal, frozen = false }: Asked): Promise<SshTarget> {
  using display = progressDisplay();
  const options = { signal, progress: display.show };
  const engine = await openEngine({ host, ...options });
  const { status } = await engine.query(contractOf("virtual_machine_info", "query"), { name }, options);
  const isThere = status !== "stopped" && status !== "crashed" && (frozen || status !== "paused");
  if (!isThere) throw stopped(host, name, String(status));
  const target = await engine.wayIn(contractOf("virtual_machine", "resource"), name, { ...options, isLogin: true });
  if (target) return target;
  throw new GuestkitError(
    "E_GUEST_NO_WAY",
    `Cannot log in to "${name}" of the host "${host}": no forward leads there`,
    {
      help: `See what it has: guestkit vm status ${name} --host ${host}`,
    },
  );
}

/** Its ports may be others once it runs. */
function stopped(host: string, name: string, status: string): GuestkitError {
  const message = `Cannot log in to "${name}" of the host "${host}": it is ${status}`;
  return new GuestkitError("E_MACHINE_STOPPED", message, {
    help: `guestkit vm ${status === "paused" ? "resume" : "up"} ${name} --host ${host}`,
  });
}
