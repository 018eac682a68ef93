import { type ErrorDetail, excerpt, GuestkitError, isDeep, MOST_LEVELS, reportError } from "../kit/index.ts";
import type { Value } from "../model/value.ts";

/** Most bytes of one message: what a declaration brings along in it (contents of files) is smaller by far. */
export const LONGEST_LINE = 64 << 20;

/** JSON-RPC 2.0, section 5.1; GuestkitErrors have the server's own -32000. */
export const CODES = { parse: -32700, request: -32600, method: -32601, params: -32602, guestkit: -32000 } as const;

export type RequestId = string | number;

export interface Request {
  /** Absent in a notification. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Readonly<Record<string, Value>>;
}

/** The other side's answer to a request of this one. */
export interface Answer {
  /** Null where it cannot tell what it answers. */
  readonly id: RequestId | null;
  readonly result?: Value;
  readonly error?: { readonly code: number; readonly message: string; readonly data: Value };
}

export type Message = Request | Answer;

export const isRequest = (message: Message): message is Request => "method" in message;

export interface Response {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: unknown };
}

/** A fault of the message, not of the work. */
export class ProtocolError extends GuestkitError {
  readonly rpcCode: number;
  /** Of the request that it is about; null where that cannot be told. */
  readonly id: RequestId | null;

  constructor(rpcCode: number, code: string, message: string, help?: string, id: RequestId | null = null) {
    super(code, message, { help });
    this.rpcCode = rpcCode;
    this.id = id;
  }
}

/** What the other side could not do, with all that its report has. */
export class FailedAnswer extends GuestkitError {
  readonly report: Readonly<Record<string, Value>>;

  constructor(code: string, message: string, detail: ErrorDetail, report: FailedAnswer["report"]) {
    super(code, message, detail);
    this.report = report;
  }
}

/**
 * One line of input as a message; null for a notification that makes no sense and for an empty line. A line that was too
 * long is null. Throws `ProtocolError`.
 */
export function parseMessage(line: Uint8Array | string | null): Message | null {
  const text = textOf(line);
  if (text.trim() === "") return null;
  const message = parseJson(text);
  if (isRecord(message) && message.jsonrpc === "2.0" && !("method" in message)) {
    const answer = answerOf(message);
    if (answer) return answer;
  }
  if (!isRecord(message) || message.jsonrpc !== "2.0" || typeof message.method !== "string") {
    const what = Array.isArray(message)
      ? "a batch is not taken, send a line a request"
      : "it is no JSON-RPC 2.0 request";
    throw new ProtocolError(CODES.request, "E_RPC_REQUEST", `Cannot use the message: ${what}`);
  }
  return requestOf(message, message.method);
}

function requestOf(message: Readonly<Record<string, unknown>>, method: string): Request | null {
  const { params = {} } = message;
  const isNotification = !Object.hasOwn(message, "id");
  const id = isNotification ? undefined : demandId(message.id);
  const fault = faultOf(params);
  if (fault === null) return { id, method, params: params as Request["params"] };
  if (id === undefined) return null;
  throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot call "${excerpt(method)}": ${fault}`, undefined, id);
}

/** Null for what answers nothing. */
function answerOf({ id, result, error }: Readonly<Record<string, unknown>>): Answer | null {
  const isId = id === null || typeof id === "string" || typeof id === "number";
  if (!isId || isDeep({ result, error })) return null;
  if (isRecord(error) && typeof error.message === "string") return { id, error: error as Answer["error"] & object };
  return result === undefined ? null : { id, result: result as Value };
}

function textOf(line: Uint8Array | string | null): string {
  if (typeof line === "string") return line;
  if (line === null) throw unreadable(`it is longer than ${LONGEST_LINE >> 20} MiB`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(line);
  } catch {
    throw unreadable("it is no text in UTF-8");
  }
}

const unreadable = (why: string) => new ProtocolError(CODES.parse, "E_RPC_PARSE", `Cannot use the message: ${why}`);

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw unreadable(`it is no JSON: ${excerpt(text, 200)}`);
  }
}

/** What walks parameters calls itself. */
function faultOf(params: unknown): string | null {
  if (!isRecord(params)) return "params must be an object";
  return isDeep(params) ? `params are nested more than ${MOST_LEVELS} levels deep` : null;
}

/** What is echoed with every answer is short; a number must be one that comes back as it came. */
function demandId(value: unknown): RequestId {
  if (typeof value === "string" && value.length <= LONGEST_ID) return value;
  if (Number.isSafeInteger(value)) return value as number;
  const what = `its id must be a whole number or a text of at most ${LONGEST_ID} characters`;
  throw new ProtocolError(CODES.request, "E_RPC_ID", `Cannot use the message: ${what}`);
}

const LONGEST_ID = 256;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The answer for anything thrown. `extra` joins the error report in `data`. */
export function failure(id: Response["id"], thrown: unknown, extra: Readonly<Record<string, unknown>> = {}): Response {
  const code = thrown instanceof ProtocolError ? thrown.rpcCode : CODES.guestkit;
  const report = reportError(thrown);
  return { jsonrpc: "2.0", id, error: { code, message: report.message, data: { ...report, ...extra } } };
}
