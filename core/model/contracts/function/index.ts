import { fileDigest } from "./file-digest.ts";
import { macFor } from "./mac-for.ts";
import { parseSize } from "./parse-size.ts";

export const functionContracts = [parseSize, macFor, fileDigest];
