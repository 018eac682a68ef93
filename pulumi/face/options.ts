import type * as pulumi from "@pulumi/pulumi";

/** Where a thing is, in place of the stack's `guestkit:host`; plain values, known before anything is made. */
export interface HostOptions {
  /** `ssh://USER@HOST:PORT`, or a name of `~/.ssh/config`; `""` is this machine. */
  readonly host?: string;
  /** Whether guestkit may be brought there. `false`: the host's own is used. */
  readonly remoteInstall?: boolean;
}

/** The options of a resource: Pulumi's, and the host that it is on. */
export type ResourceOptions = pulumi.CustomResourceOptions & HostOptions;
