import type { FactKind } from "../fact.ts";
import { type Profile, readApparmor } from "./apparmor.ts";
import { type KeyMaterial, readKeyMaterial } from "./certificates.ts";
import { type Credential, readCredentials } from "./credentials.ts";
import { type Firewall, readFirewall } from "./firewall.ts";
import { readSelinux, type Selinux } from "./selinux.ts";

/** What confines programs, what keeps packets out, and what lies about that lets somebody in. */
export interface Security extends KeyMaterial {
  readonly selinux: Selinux | null;
  readonly apparmor: readonly Profile[] | null;
  readonly firewall: Firewall;
  readonly credentials: readonly Credential[];
}

export const security: FactKind<Security> = {
  // Web servers' folders and homes hold more than configuration does.
  share: { bytes: 64 << 20, names: 300_000 },
  read: async (known) => ({
    selinux: await readSelinux(known.tree),
    apparmor: await readApparmor(known.tree),
    firewall: await readFirewall(known),
    ...(await readKeyMaterial(known)),
    credentials: await readCredentials(known),
  }),
};
