import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { SshTarget } from "../../kit/ssh-target.ts";
import { sshTarget } from "../ssh/index.ts";
import { demandTarget, openWay, type Place, type Via } from "./open-way.ts";
import { sshWay } from "./ssh-way.ts";
import type { GuestWay } from "./way.ts";

/** A running guest that things are brought into and out of, of this host or by way of another one. */
export interface Guest {
  readonly name: string;
  /** Null where SSH does not lead there. */
  readonly target: SshTarget | null;
  /** Throws `E_GUEST_NO_WAY`, `E_AGENT_...`. */
  open(via: Via, context: Context): Promise<GuestWay>;
}

/** Of a machine of this host. */
export const guestHere = (place: Place): Guest => ({
  name: place.machine.name,
  target: sshTarget(place.machine, place.folder, place.run),
  open: (via, context) => openWay(place, via, context),
});

/** One that SSH alone leads to: its agent listens on its own host. */
export const guestBehind = (target: SshTarget): Guest => ({
  name: target.name,
  target,
  open: async (via) => {
    if (via !== "agent") return sshWay(target);
    throw new GuestkitError("E_GUEST_NO_WAY", `Cannot reach "${target.name}" by its agent: it is on another host`, {
      help: "Go by SSH (--via ssh).",
    });
  },
});

/** Throws `E_GUEST_NO_WAY` where SSH does not lead there. */
export const demandSsh = (place: Place): SshTarget =>
  sshTarget(place.machine, place.folder, place.run) ?? demandTarget(place.machine);
