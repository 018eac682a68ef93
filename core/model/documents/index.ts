import { ciDocuments } from "./ci.ts";
import type { Document } from "./document.ts";
import { failure, logLine } from "./error.ts";
import { hostDocuments } from "./host.ts";
import { imageDocuments } from "./image.ts";
import { machineDocuments } from "./machine.ts";
import { projectDocuments } from "./project.ts";
import { rpcDocuments } from "./rpc.ts";

/** Every document beside the answers of contracts, which `answers.ts` makes of their declarations. */
export const documents: readonly Document[] = [
  failure,
  logLine,
  ...imageDocuments,
  ...projectDocuments,
  ...machineDocuments,
  ...ciDocuments,
  ...hostDocuments,
  ...rpcDocuments,
];
