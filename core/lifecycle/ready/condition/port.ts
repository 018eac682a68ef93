import { GuestkitError } from "../../../kit/errors.ts";
import { networksOf } from "../../../machine/machine.ts";
import { type Condition, notYet, READY, type Scene } from "./condition.ts";
import { forwardPlace, type PortPlace, probePort } from "./probe.ts";

/** A server in the guest accepts connections. */
export const port: Condition = {
  what: ({ port }) => `port ${port}`,
  missed: ({ port }) => `nothing answered on its port ${port}`,
  pause: 500,
  look: async (scene, wait, signal) => {
    const seen = await probePort(scene, placeOf(scene, wait.port ?? 0), signal);
    return seen === null ? READY : notYet(seen);
  },
};

function placeOf(scene: Scene, guestPort: number): PortPlace {
  const { machine, run } = scene;
  const forward = run.forwards.find((each) => each.protocol === "tcp" && each.guest_port === guestPort);
  if (forward) return forwardPlace(scene, forward);
  for (const { kind, addresses } of Object.values(networksOf(machine))) {
    const host = addresses[0]?.split("/")[0];
    if (host !== undefined && (kind === "bridge" || kind === "tap")) return { host, port: guestPort, kind: "direct" };
  }
  throw new GuestkitError(
    "E_GUEST_NO_WAY",
    `Cannot wait for port ${guestPort} of "${machine.name}": no forward leads there`,
    {
      at: { field: ["wait_for"] },
      help: `Declare a forward of a network to guest_port ${guestPort}.`,
    },
  );
}
