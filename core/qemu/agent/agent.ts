import { checkAnswer } from "./answer.ts";
import type {
  AgentAnswer,
  AgentArguments,
  AgentCommand,
  FreezeStatus,
  GuestOsInfo,
  SilentCommands,
} from "./commands.ts";
import { type ExecRequest, type ExecResult, execInGuest } from "./exec.ts";
import type { AgentExecute } from "./execute.ts";
import { type FileContent, readGuestFile, type WriteOptions, writeGuestFile } from "./file.ts";
import type { AgentOptions, AgentSession } from "./session.ts";

export interface GuestInterface {
  readonly name: string;
  /** Lower case; null where it has none. */
  readonly mac: string | null;
  readonly addresses: readonly GuestAddress[];
}

export interface GuestAddress {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  /** Bits. */
  readonly prefix: number;
}

export interface AgentInfo {
  readonly version: string;
  /** Those that it knows and allows. */
  readonly commands: ReadonlySet<string>;
}

const THAW: AgentOptions = { timeoutMs: 60_000 };

/**
 * The QEMU guest agent of one guest. Whatever takes `options` throws `E_AGENT_COMMAND` (an `AgentCommandError`),
 * `E_AGENT_SILENT` (not heard at all), `E_AGENT_TIMEOUT` (heard, but this was not answered), `E_AGENT_CLOSED`,
 * `E_AGENT_ANSWER`, the signal's reason. Commands run one at a time, in the order they were called. What a guest says is not to be trusted.
 */
export class Agent implements AsyncDisposable {
  readonly #session: AgentSession;

  constructor(session: AgentSession) {
    this.#session = session;
  }

  get path(): string {
    return this.#session.path;
  }

  /** Settles when the connection has ended, by either side. */
  get closed(): Promise<void> {
    return this.#session.closed;
  }

  async execute<C extends AgentCommand>(
    command: C,
    given: AgentArguments<C>,
    options: AgentOptions = {},
  ): Promise<AgentAnswer<C>> {
    return checkAnswer(command, await this.#session.send(command, given, options));
  }

  async ping(options?: AgentOptions): Promise<void> {
    await this.execute("guest-ping", {}, options);
  }

  async info(options?: AgentOptions): Promise<AgentInfo> {
    const { version, supported_commands } = await this.execute("guest-info", {}, options);
    const enabled = supported_commands.filter((each) => each.enabled).map(({ name }) => name);
    return { version, commands: new Set(enabled) };
  }

  async hostName(options?: AgentOptions): Promise<string> {
    return (await this.execute("guest-get-host-name", {}, options))["host-name"];
  }

  async osInfo(options?: AgentOptions): Promise<GuestOsInfo> {
    return await this.execute("guest-get-osinfo", {}, options);
  }

  async interfaces(options?: AgentOptions): Promise<readonly GuestInterface[]> {
    const found = await this.execute("guest-network-get-interfaces", {}, options);
    return found.map((each) => ({
      name: each.name,
      mac: each["hardware-address"]?.toLowerCase() ?? null,
      addresses: (each["ip-addresses"] ?? []).map((address) => ({
        family: address["ip-address-type"],
        address: address["ip-address"],
        prefix: address.prefix,
      })),
    }));
  }

  /** The lines of a user's authorized_keys. */
  async authorizedKeys(username: string, options?: AgentOptions): Promise<readonly string[]> {
    return (await this.execute("guest-ssh-get-authorized-keys", { username }, options)).keys;
  }

  /** Runs a program to its end; see `ExecRequest`. */
  async exec(request: ExecRequest): Promise<ExecResult> {
    return await execInGuest(this.#execute, request);
  }

  readFile(path: string, options: AgentOptions = {}): AsyncGenerator<Uint8Array> {
    return readGuestFile(this.#execute, path, options);
  }

  async writeFile(path: string, content: FileContent, options: WriteOptions = {}): Promise<void> {
    await writeGuestFile(this.#execute, path, content, options);
  }

  /** Asks the guest to end; that it has begun is all this says. */
  async shutdown(
    mode: SilentCommands["guest-shutdown"]["mode"] = "powerdown",
    options: AgentOptions = {},
  ): Promise<void> {
    await this.#session.sendSilent("guest-shutdown", { mode }, options);
  }

  async freezeStatus(options?: AgentOptions): Promise<FreezeStatus> {
    return await this.execute("guest-fsfreeze-status", {}, options);
  }

  /** Stops all writing to the guest's file systems; gives how many. Until `thaw` the agent refuses most commands. */
  async freeze(options?: AgentOptions): Promise<number> {
    return await this.execute("guest-fsfreeze-freeze", {}, options);
  }

  async thaw(options: AgentOptions = THAW): Promise<number> {
    return await this.execute("guest-fsfreeze-thaw", {}, options);
  }

  /** Does `work` while nothing is written, and thaws whatever comes of it. */
  async whileFrozen<T>(work: () => Promise<T>, options?: AgentOptions): Promise<T> {
    try {
      await this.freeze(options);
      const result = await work();
      await this.thaw();
      return result;
    } catch (error) {
      // Thawing what is not frozen does no harm.
      await this.thaw().catch(() => {});
      throw error;
    }
  }

  close(): void {
    this.#session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.closed;
  }

  readonly #execute: AgentExecute = (command, given, options) => this.execute(command, given, options);
}
