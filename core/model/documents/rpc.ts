import { z } from "zod";
import { document } from "./document.ts";
import { errorFields } from "./error.ts";
import { progressFields } from "./host.ts";

const jsonrpc = z.literal("2.0").describe("Version of JSON-RPC.");
const id = z.union([z.string().max(256), z.int()]);

const request = document(
  "rpc-request",
  "A message to guestkit rpc: a line",
  z.object({
    jsonrpc,
    id: id.optional().describe("Comes back with the answer; left out in a notification."),
    method: z
      .enum([
        ...(["initialize", "validate", "plan", "apply", "observe", "query", "action", "list", "import"] as const),
        ...(["preflight", "owner_of", "is_ours", "way_in", "confirm_owner", "clear_gone", "clear_killed"] as const),
        ...(["cancel", "planned"] as const),
      ])
      .describe("What is wanted; initialize comes first."),
    params: z.record(z.string(), z.unknown()).optional().describe("By the method: docs/rpc.md."),
  }),
);

const diagnostic = z
  .object({
    severity: z.enum(["error", "warning"]).describe("Whether it stops an apply."),
    code: z.string().describe("Stable."),
    message: z.string().describe("What is so."),
    help: z.string().optional().describe("A next step that works."),
    path: z.array(z.union([z.string(), z.int()])).describe("The way to the field."),
  })
  .meta({ id: "Diagnostic" });

const answer = z
  .object({
    jsonrpc,
    id: id.nullable().describe("The request's; null where that cannot be told."),
    result: z.record(z.string(), z.unknown()).describe("By the method: docs/rpc.md."),
  })
  .meta({ id: "RpcAnswer" });

const failure = z
  .object({
    jsonrpc,
    id: id.nullable().describe("The request's; null where that cannot be told."),
    error: z
      .object({
        code: z.int().describe("JSON-RPC's own for faults of the message; -32000 for all others."),
        message: z.string().describe("What is so."),
        data: z
          .object({
            ...errorFields,
            state: z
              .record(z.string(), z.unknown())
              .nullable()
              .optional()
              .describe("What exists after an apply that failed."),
            diagnostics: z.array(diagnostic).optional().describe("All that forbids a plan."),
          })
          .describe("guestkit's own report."),
      })
      .describe("Why there is no result."),
  })
  .meta({ id: "RpcFailure" });

const event = z
  .object({
    jsonrpc,
    method: z.literal("progress").describe("What is told."),
    params: z.object({ id: id.describe("The request's."), ...progressFields }).describe("How far it is."),
  })
  .meta({ id: "RpcProgress" });

const question = z
  .object({
    jsonrpc,
    id: id.describe("Comes back with the client's answer."),
    method: z.string().describe("What the server asks the client."),
    params: z
      .looseObject({ request: id.describe("The client's request on whose behalf it asks.") })
      .describe("By the method: docs/rpc.md."),
  })
  .meta({ id: "RpcQuestion" });

const message = document(
  "rpc-message",
  "A message of guestkit rpc: a line",
  z.union([answer, failure, event, question]).describe("An answer, a failure, progress of a request, or a question."),
);

export const rpcDocuments = [request, message];
