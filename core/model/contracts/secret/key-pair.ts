import { z } from "zod";
import { secret, sensitive } from "../../declare.ts";

export const keyPair = secret({
  name: "key_pair",
  since: "0.2.0",
  summary: "An SSH key pair, made anew at each call.",
  description:
    "An ed25519 key without a passphrase, in the forms of OpenSSH. guestkit keeps neither half: hand both on where they are used.",
  input: z.object({
    comment: z
      .string()
      .regex(/^[\x20-\x7e]{0,255}$/, "at most 255 printable ASCII characters")
      .default("guestkit")
      .describe("Stands behind the public key, for people."),
  }),
  output: z.object({
    private_key: z.string().meta(sensitive).describe("The text of a private key file."),
    public_key: z.string().describe("The public half as a line of authorized_keys, without its end of line."),
    fingerprint: z.string().describe("As ssh-keygen -l tells it: SHA256:..."),
  }),
  examples: [{ title: "A key for a machine", input: { comment: "web" } }],
});
