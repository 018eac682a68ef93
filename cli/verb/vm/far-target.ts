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
  const { status } = await engine.query(contractOf("virtual_machine_info", "query"), { name }, options);
  throw noWay(host, name, status === "running" ? null : String(status));
}

/** Of one that does not run, its ways in are not known: QEMU chooses ports at its start. */
function noWay(host: string, name: string, status: string | null): GuestkitError {
  const cannot = `Cannot log in to "${name}" of the host "${host}"`;
  if (status === null) {
    return new GuestkitError("E_GUEST_NO_WAY", `${cannot}: no forward leads there`, {
      help: `See what it has: guestkit vm status ${name} --host ${host}`,
    });
  }
  const verb = status === "paused" ? "resume" : "up";
  return new GuestkitError("E_MACHINE_STOPPED", `${cannot}: it is ${status}`, {
    help: `guestkit vm ${verb} ${name} --host ${host}`,
  });
}
