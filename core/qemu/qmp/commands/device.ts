import type { Command, NoAnswer, NoArguments } from "./command.ts";

/** Options with an `id`, the rest by the kind of thing. */
type Named = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Chardev {
  readonly label: string;
  readonly filename: string;
  /** The guest (or the device in front) has it open. */
  readonly "frontend-open": boolean;
}

export interface VncInfo {
  readonly enabled: boolean;
  readonly host?: string;
  readonly service?: string;
  readonly family?: "ipv4" | "ipv6" | "unix" | "vsock" | "unknown";
  readonly clients?: readonly { readonly host: string; readonly service: string }[];
}

export interface SpiceInfo {
  readonly enabled: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly "tls-port"?: number;
}

/** What is plugged into the machine: devices, networks, character devices, objects, displays. */
export interface DeviceCommands {
  device_add: Command<Readonly<Record<string, unknown>> & { readonly driver: string }, NoAnswer>;
  /** Asks the guest; `DEVICE_DELETED` tells when it is gone. */
  device_del: Command<{ readonly id: string }, NoAnswer>;
  netdev_add: Command<Named & { readonly type: string }, NoAnswer>;
  netdev_del: Command<{ readonly id: string }, NoAnswer>;
  set_link: Command<{ readonly name: string; readonly up: boolean }, NoAnswer>;
  "query-chardev": Command<NoArguments, readonly Chardev[]>;
  "chardev-add": Command<
    {
      readonly id: string;
      readonly backend: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
    },
    { readonly pty?: string }
  >;
  "chardev-remove": Command<{ readonly id: string }, NoAnswer>;
  "object-add": Command<Named & { readonly "qom-type": string }, NoAnswer>;
  "object-del": Command<{ readonly id: string }, NoAnswer>;
  "query-vnc": Command<NoArguments, VncInfo>;
  "query-spice": Command<NoArguments, SpiceInfo>;
  /** `filename` on the host, written by QEMU; PNG since QEMU 7.1. */
  screendump: Command<
    { readonly filename: string; readonly device?: string; readonly head?: number; readonly format?: "ppm" | "png" },
    NoAnswer
  >;
}
