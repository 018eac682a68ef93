import { fileSecret } from "./file-secret.ts";
import { keyPair } from "./key-pair.ts";
import { passwordHash } from "./password-hash.ts";

export const secretContracts = [keyPair, passwordHash, fileSecret];
