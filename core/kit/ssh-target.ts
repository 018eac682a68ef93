/** Where and as whom one logs in to a machine. */
export interface SshTarget {
  /** The machine: what the client knows its host keys by. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The command that leads there in place of a connection of the client's own, as ssh_config(5) has it. */
  readonly proxyCommand?: string;
  readonly user: string;
  /** Null where the user's own keys and agent are tried, as at any other machine. */
  readonly keyFile: string | null;
  /** Whether that is the machine's own key, made by guestkit. */
  readonly ownKey: boolean;
  readonly knownHostsFile: string;
  /** For the client's own log while it runs: a folder of the owner's alone. */
  readonly logFolder: string;
}
