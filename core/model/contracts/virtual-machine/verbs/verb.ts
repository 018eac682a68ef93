import { z } from "zod";
import { action, refersTo } from "../../../declare.ts";

export const since = "0.2.0";
export const machineName = () => z.string().min(1).meta(refersTo("virtual_machine")).describe("The machine's name.");
export const statusAfter = () => z.string().describe("What QEMU says of it afterwards.");
export const seconds = (what: string) => z.int().min(0).optional().describe(`${what}; as declared where left out.`);

/** An action on one machine: `guestkit vm WORD NAME`. */
export const verb = <I extends z.ZodRawShape, O extends z.ZodRawShape>(
  word: string,
  summary: string,
  description: string,
  input: I,
  output: O,
  more: {
    readonly positional?: readonly string[];
    readonly exitCode?: string;
    readonly example?: object;
    readonly confirm?: string;
  } = {},
) =>
  action({
    name: `vm_${word.replaceAll(/[ -]/g, "_")}`,
    since,
    summary,
    description,
    input: z.object({ name: machineName(), ...input }),
    output: z.object(output),
    examples: [{ title: summary, input: { name: "web", ...more.example } }],
    aliases: {
      cli: {
        name: `vm ${word}`,
        positional: ["name", ...(more.positional ?? [])],
        ...(more.exitCode !== undefined && { exitCode: more.exitCode }),
        ...(more.confirm !== undefined && { confirm: more.confirm }),
      },
    },
  });
