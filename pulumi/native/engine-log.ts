import { GrpcClient, protobuf } from "@guestkit/core/grpc";
import { type Progress, withoutSecrets } from "@guestkit/core/kit";
import { FIELDS, LogSeverity, type Messages } from "../generated/protocol.ts";

const { encodeMessage } = protobuf<Messages>(FIELDS);
const INTERVAL_MS = 1000;

/** Says things to the user through Pulumi's engine. What cannot be said stops nothing. */
export class EngineLog {
  #client: GrpcClient | undefined;
  readonly #last = new Map<string, { readonly phase: string; readonly at: number }>();

  /** `address`: HOST:PORT of the engine. */
  attach(address: string): void {
    this.#client?.close();
    this.#client = new GrpcClient(address);
  }

  /** A line that stays. */
  note(urn: string, message: string, isWarning = false): void {
    this.#say({ urn, message, severity: isWarning ? LogSeverity.WARNING : LogSeverity.INFO });
  }

  readonly progressOf = (urn: string) => (event: Progress) => this.#progress(urn, event);

  /** A line that stands until the next one: each phase once, and within a phase one a second. */
  #progress(urn: string, event: Progress): void {
    const before = this.#last.get(urn);
    const at = performance.now();
    if (event.warning) this.note(urn, event.detail ?? event.phase, true);
    if (before?.phase === event.phase && at - before.at < INTERVAL_MS) return;
    this.#last.set(urn, { phase: event.phase, at });
    this.#say({ urn, message: lineOf(event), severity: LogSeverity.INFO, ephemeral: true });
  }

  #say(said: Messages["LogRequest"]): void {
    const request = { ...said, message: withoutSecrets(said.message ?? "") };
    this.#client?.call("/pulumirpc.Engine/Log", encodeMessage("LogRequest", request)).catch(() => {});
  }
}

function lineOf({ phase, done, total, detail }: Progress): string {
  const share = done !== undefined && total ? ` ${Math.floor((100 * done) / total)} %` : "";
  return `${phase}${share}${detail ? `: ${detail}` : ""}`;
}
