import { GuestkitError } from "../../kit/errors.ts";
import { isObject } from "../wire/json-stream.ts";

const STATUS_HELP = "See whether the machine still runs (guestkit vm status), and the end of its qemu.log.";

/** QEMU refused a command: `E_QMP_COMMAND` with its class and words. */
export class QmpCommandError extends GuestkitError {
  readonly command: string;
  /** `GenericError`, `CommandNotFound`, `DeviceNotFound`, `DeviceNotActive`, `KVMMissingCap`. */
  readonly errorClass: string;
  readonly description: string;

  constructor(command: string, error: unknown) {
    const { class: kind = "GenericError", desc = "no reason given" } = isObject(error) ? error : {};
    super("E_QMP_COMMAND", `Cannot run ${command} in QEMU: ${desc} (${kind})`);
    this.command = command;
    this.errorClass = String(kind);
    this.description = String(desc);
  }
}

/** @param cause the system's error of the connection */
export function unreachable(path: string, cause: unknown): GuestkitError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "EAGAIN") return busy(path);
  const gone = code === "ENOENT" || code === "ECONNREFUSED";
  return new GuestkitError("E_QMP_CONNECT", `Cannot reach QEMU at "${path}": ${gone ? "nothing listens" : message}`, {
    at: { file: path },
    cause,
    help: gone
      ? "The machine is not running; start it: guestkit vm up NAME"
      : "Run as the user who started the machine.",
  });
}

export function busy(path: string): GuestkitError {
  return new GuestkitError(
    "E_QMP_BUSY",
    `Cannot talk to QEMU at "${path}": another program is connected to it, or QEMU hangs`,
    {
      at: { file: path },
      help: "QEMU talks to one at a time. Wait until the other guestkit command on this machine is done, then run again.",
    },
  );
}

/** @param doing what was being waited for: `run query-status` */
export function closed(path: string, doing: string): GuestkitError {
  return new GuestkitError("E_QMP_CLOSED", `Cannot ${doing}: QEMU ended the connection`, {
    at: { file: path },
    help: STATUS_HELP,
  });
}

export function late(path: string, doing: string, timeoutMs: number | undefined): GuestkitError {
  const message = `Cannot ${doing}: QEMU did not answer within ${(timeoutMs ?? 0) / 1000} s`;
  return new GuestkitError("E_QMP_TIMEOUT", message, { at: { file: path }, help: STATUS_HELP });
}

export function noQmp(path: string, what: string): GuestkitError {
  return new GuestkitError("E_QMP_PROTOCOL", `Cannot talk to QEMU at "${path}": it sent ${what}`, {
    at: { file: path },
    help: "See that the socket is a QMP monitor (-qmp, or -mon mode=control), and no other's.",
  });
}
