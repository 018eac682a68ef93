/** Thrown where a call fails for a reason of its own; `details` are the bytes of a google.rpc.Status. */
export class CallError extends Error {
  readonly details: Uint8Array | undefined;

  constructor(message: string, details?: Uint8Array) {
    super(message);
    this.details = details;
  }
}

/** Thrown where a call of the protocol is not served. */
export class UnknownCall extends Error {
  constructor(path: string) {
    super(`There is no call ${path}`);
  }
}

/** A call's outcome as headers or trailers. */
export type Status = Readonly<Record<string, string | number>>;

const CODES = { unknown: 2, unimplemented: 12, internal: 13 } as const;

export const OK: Status = { "grpc-status": 0 };

/** Most bytes of an outcome: what gRPC's clients in Go take (defaultClientMaxHeaderListSize). */
export const LONGEST_STATUS = 16 * 2 ** 20;
/** Most characters of a message; each is nine bytes at most, percent-encoded. */
const LONGEST_MESSAGE = 2 ** 15;
/** Most characters of details, as base64: beside the longest message, and headers of the protocol's own. */
const LONGEST_DETAILS = LONGEST_STATUS - 2 ** 20;

/** What a call failed by. Never throws, whatever was thrown; details that no client would take are left out. */
export function statusOf(error: unknown): Status {
  const details = error instanceof CallError && error.details ? Buffer.from(error.details).toString("base64") : "";
  return {
    "grpc-status": codeOf(error),
    "grpc-message": encodeURIComponent(messageOf(error)),
    ...(details !== "" && details.length <= LONGEST_DETAILS && { "grpc-status-details-bin": details }),
  };
}

/** Half a surrogate pair, of a cut or from elsewhere, cannot be percent-encoded. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}...` : message;
  return cut.toWellFormed();
}

function codeOf(error: unknown): number {
  if (error instanceof CallError) return CODES.unknown;
  return error instanceof UnknownCall ? CODES.unimplemented : CODES.internal;
}
