import { GuestkitError } from "../../kit/errors.ts";
import { isObject } from "../wire/json-stream.ts";

const SILENT_HELP =
  "See that the guest has started, and that qemu-guest-agent is installed and runs in it; another guestkit command on this machine may be talking to it.";

/** The agent refused a command: `E_AGENT_COMMAND` with its class and words. */
export class AgentCommandError extends GuestkitError {
  readonly command: string;
  /** `GenericError`; `CommandNotFound` where the agent does not know or not allow it. */
  readonly errorClass: string;
  readonly description: string;

  constructor(command: string, error: unknown) {
    const { class: kind = "GenericError", desc = "no reason given" } = isObject(error) ? error : {};
    const unknown = kind === "CommandNotFound";
    super("E_AGENT_COMMAND", `Cannot run ${command} in the guest: ${desc}`, {
      help: unknown
        ? "Install a newer qemu-guest-agent in the guest, or allow the command in its settings."
        : undefined,
    });
    this.command = command;
    this.errorClass = String(kind);
    this.description = String(desc);
  }
}

/** @param cause the system's error of the connection */
export function unreachable(path: string, cause: unknown): GuestkitError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "EAGAIN") return silent(path, 0);
  const gone = code === "ENOENT" || code === "ECONNREFUSED";
  const why = gone ? "nothing listens" : message;
  return new GuestkitError("E_AGENT_CONNECT", `Cannot reach the guest agent's channel at "${path}": ${why}`, {
    at: { file: path },
    cause,
    help: gone
      ? "The machine is not running, or has no agent channel; start it: guestkit vm up NAME"
      : "Run as the user who started the machine.",
  });
}

export function silent(path: string, timeoutMs: number): GuestkitError {
  const message = `Cannot reach the guest agent: it did not answer within ${timeoutMs / 1000} s`;
  return new GuestkitError("E_AGENT_SILENT", message, { at: { file: path }, help: SILENT_HELP });
}

/** @param doing what was being waited for: `run guest-ping` */
export function late(path: string, doing: string, timeoutMs: number): GuestkitError {
  const message = `Cannot ${doing} in the guest: the agent did not answer within ${timeoutMs / 1000} s`;
  return new GuestkitError("E_AGENT_TIMEOUT", message, { at: { file: path }, help: SILENT_HELP });
}

export function closed(path: string, doing: string): GuestkitError {
  return new GuestkitError("E_AGENT_CLOSED", `Cannot ${doing} in the guest: QEMU ended the connection`, {
    at: { file: path },
    help: "The machine has ended; see: guestkit vm status NAME",
  });
}

export function oversize(doing: string): GuestkitError {
  return new GuestkitError("E_AGENT_ANSWER_SIZE", `Cannot ${doing} in the guest: the agent's answer is too long`);
}

export function garbage(doing: string, text: string): GuestkitError {
  return new GuestkitError("E_AGENT_PROTOCOL", `Cannot ${doing} in the guest: the agent sent no JSON: ${text}`);
}
