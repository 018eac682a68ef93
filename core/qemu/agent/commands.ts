type NoArguments = Readonly<Record<string, never>>;
type NoAnswer = Readonly<Record<string, never>>;

interface Command<Arguments, Answer> {
  readonly arguments: Arguments;
  readonly answer: Answer;
}

export interface GuestOsInfo {
  readonly id?: string;
  readonly name?: string;
  readonly "pretty-name"?: string;
  readonly version?: string;
  readonly "version-id"?: string;
  readonly "kernel-release"?: string;
  readonly "kernel-version"?: string;
  readonly machine?: string;
}

interface InterfaceAnswer {
  readonly name: string;
  readonly "hardware-address"?: string;
  readonly "ip-addresses"?: readonly {
    readonly "ip-address": string;
    readonly "ip-address-type": "ipv4" | "ipv6";
    readonly prefix: number;
  }[];
  /** Counted by the guest's kernel since it was booted. */
  readonly statistics?: { readonly "rx-bytes": number; readonly "tx-bytes": number };
}

/** Outputs in base64, there once it has exited. */
interface ExecStatus {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly signal?: number;
  readonly "out-data"?: string;
  readonly "err-data"?: string;
  readonly "out-truncated"?: boolean;
  readonly "err-truncated"?: boolean;
}

export type FreezeStatus = "thawed" | "frozen";

/** The guest agent's commands that guestkit gives, in its own spelling (QEMU Guest Agent Protocol Reference). */
export interface AgentCommands {
  "guest-ping": Command<NoArguments, NoAnswer>;
  "guest-info": Command<
    NoArguments,
    {
      readonly version: string;
      readonly supported_commands: readonly { readonly name: string; readonly enabled: boolean }[];
    }
  >;
  "guest-get-host-name": Command<NoArguments, { readonly "host-name": string }>;
  "guest-get-osinfo": Command<NoArguments, GuestOsInfo>;
  "guest-network-get-interfaces": Command<NoArguments, readonly InterfaceAnswer[]>;
  "guest-ssh-get-authorized-keys": Command<{ readonly username: string }, { readonly keys: readonly string[] }>;
  "guest-exec": Command<
    {
      readonly path: string;
      readonly arg?: readonly string[];
      /** `NAME=value`; in place of the agent's own environment. */
      readonly env?: readonly string[];
      /** Base64. */
      readonly "input-data"?: string;
      readonly "capture-output"?: boolean;
    },
    { readonly pid: number }
  >;
  "guest-exec-status": Command<{ readonly pid: number }, ExecStatus>;
  "guest-file-open": Command<{ readonly path: string; readonly mode?: string }, number>;
  "guest-file-read": Command<
    { readonly handle: number; readonly count?: number },
    { readonly count: number; readonly "buf-b64": string; readonly eof: boolean }
  >;
  "guest-file-write": Command<
    { readonly handle: number; readonly "buf-b64": string },
    { readonly count: number; readonly eof: boolean }
  >;
  "guest-file-flush": Command<{ readonly handle: number }, NoAnswer>;
  "guest-file-close": Command<{ readonly handle: number }, NoAnswer>;
  "guest-fsfreeze-status": Command<NoArguments, FreezeStatus>;
  /** How many file systems. */
  "guest-fsfreeze-freeze": Command<NoArguments, number>;
  "guest-fsfreeze-thaw": Command<NoArguments, number>;
  "guest-fstrim": Command<{ readonly minimum?: number }, unknown>;
  /** Nanoseconds since 1970; without it the guest reads its clock chip. */
  "guest-set-time": Command<{ readonly time?: number }, NoAnswer>;
  "guest-get-time": Command<NoArguments, number>;
}
export type AgentCommand = keyof AgentCommands;
export type AgentArguments<C extends AgentCommand> = AgentCommands[C]["arguments"];
export type AgentAnswer<C extends AgentCommand> = AgentCommands[C]["answer"];

/** They answer only when they fail. */
export interface SilentCommands {
  "guest-shutdown": { readonly mode: "powerdown" | "reboot" | "halt" };
}
