import { z } from "zod";
import { callerPath } from "../../declare.ts";
import { ruleFields } from "./rule.ts";

/** Rules over what is in an image. */
export const checks = (failure: "fail" | "keep", meaning: string) =>
  z.object({
    ...ruleFields,
    file: callerPath().optional().describe("File with more rules and waivers, as guestkit check takes it."),
    on_failure: z.enum(["fail", "keep"]).default(failure).describe(meaning),
  });

/** What became of a rule. */
export const checkResult = {
  check: z.string().describe("Name of the rule."),
  severity: z
    .enum(["info", "low", "medium", "high", "critical"])
    .describe("How bad it is where the rule does not hold."),
  title: z.string().nullable().describe("What the rule asks for."),
  system: z.int().describe("Which of the image's systems it is about, from 0."),
  reasons: z.array(z.string()).describe("What was found instead."),
};

/** Rules that an image does not keep. */
export const failedChecks = () =>
  z.array(
    z.object({
      ...checkResult,
      state: z.enum(["failed", "error"]).describe("It does not hold, or that cannot be told."),
    }),
  );
