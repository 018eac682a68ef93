import { GuestkitError, reportError } from "@guestkit/core/kit";
import type { Value } from "@guestkit/core/model";

/** Raised when a message changes its meaning; additions do not raise it. */
export const PROTOCOL = 1;

/** JSON-RPC 2.0, section 5.1; GuestkitErrors have the server's own -32000. */
export const CODES = { parse: -32700, request: -32600, method: -32601, params: -32602, guestkit: -32000 } as const;

export interface Request {
  /** Absent in a notification. */
  readonly id: string | number | null | undefined;
  readonly method: string;
  readonly params: Readonly<Record<string, Value>>;
}

export interface Response {
  readonly jsonrpc: "2.0";
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: unknown };
}

/** A fault of the message, not of the work. */
export class ProtocolError extends GuestkitError {
  readonly rpcCode: number;

  constructor(rpcCode: number, code: string, message: string, help?: string) {
    super(code, message, { help });
    this.rpcCode = rpcCode;
  }
}

/** One line of input as a request. Throws `ProtocolError`. */
export function parseRequest(line: string): Request {
  const message = parseJson(line);
  if (!isRecord(message) || message.jsonrpc !== "2.0" || typeof message.method !== "string") {
    throw new ProtocolError(CODES.request, "E_RPC_REQUEST", "Cannot use the message: it is no JSON-RPC 2.0 request");
  }
  const { id, method, params = {} } = message;
  if (!isRecord(params)) {
    throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot call ${method}: params must be an object`);
  }
  return { id: isId(id) ? id : undefined, method, params: params as Request["params"] };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new ProtocolError(CODES.parse, "E_RPC_PARSE", `Cannot use the message: it is no JSON: ${text}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string | number | null {
  return value === null || typeof value === "string" || typeof value === "number";
}

/** The answer for anything thrown. `extra` joins the error report in `data`. */
export function failure(id: Response["id"], thrown: unknown, extra: Readonly<Record<string, unknown>> = {}): Response {
  const code = thrown instanceof ProtocolError ? thrown.rpcCode : CODES.guestkit;
  const report = reportError(thrown);
  return { jsonrpc: "2.0", id, error: { code, message: report.message, data: { ...report, ...extra } } };
}
