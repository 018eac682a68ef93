import { z } from "zod";
import { secret, sensitive } from "../../declare.ts";

export const passwordHash = secret({
  name: "password_hash",
  since: "0.2.0",
  summary: "The hash of a password, as /etc/shadow has it.",
  description:
    "SHA-512 of crypt(3) with a random salt, which every Linux system takes: what a user's password_hash wants. Each call gives another hash of the same password.",
  input: z.object({
    password: z
      .string()
      .regex(/^[^\0]{1,512}$/, "1 to 512 characters, none of them NUL")
      .meta(sensitive)
      .describe("The password: up to 512 characters, none of them NUL."),
    rounds: z
      .int()
      .min(1000)
      .max(1_000_000)
      .default(5000)
      .describe("How often it is hashed: a login takes as many rounds as a guess."),
  }),
  output: z.object({ hash: z.string().meta(sensitive).describe("The hash: $6$SALT$HASH.") }),
  examples: [{ title: "Of a password from elsewhere", input: { password: "correct horse battery staple" } }],
});
