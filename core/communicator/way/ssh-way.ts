import { runOverSsh, type SshTarget } from "../ssh/index.ts";
import { asUser } from "./as-user.ts";
import type { GuestWay } from "./way.ts";

/** @param connectTimeout seconds until the server must have greeted */
export function sshWay(target: SshTarget, connectTimeout?: number): GuestWay {
  return {
    kind: "ssh",
    run: ({ script, as = null, giveUp: _, bulk: __, ...options }) =>
      runOverSsh(target, asUser(target.user, as, script("ssh")), {
        ...options,
        ...(connectTimeout !== undefined && { connectTimeout }),
      }),
    [Symbol.asyncDispose]: async () => {},
  };
}
