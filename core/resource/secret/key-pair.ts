import { createHash } from "node:crypto";
import type { QueryImplementation } from "../../engine/implementation.ts";
import { makeKeyPair } from "../../machine/key-format.ts";

export const keyPair: QueryImplementation = {
  read: async ({ comment }) => {
    const { privateKey, publicKey } = makeKeyPair(String(comment));
    return { private_key: privateKey, public_key: publicKey.trimEnd(), fingerprint: fingerprintOf(publicKey) };
  },
};

/** As `ssh-keygen -l` tells it. */
function fingerprintOf(publicKey: string): string {
  const [, blob = ""] = publicKey.split(" ");
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}
