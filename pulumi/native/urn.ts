import { type Contract, contracts } from "@guestkit/core/model";
import { exportedName } from "../face/names.ts";
import { unknownToken } from "./failure.ts";

/** What a resource's name in a stack says: `urn:pulumi:STACK::PROJECT::[PARENT$]TYPE::NAME`. */
export interface Urn {
  /** PROJECT/STACK, whose the thing is. */
  readonly stack: string;
  readonly contract: Contract;
}

/** Throws `E_CONTRACT_UNKNOWN`. */
export function readUrn(urn = ""): Urn {
  const [stack = "", project = "", types = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack: `${project}/${stack}`, contract: contractOfToken(types.split("$").at(-1), "resource") };
}

/** The contract of a type or a function (`guestkit:index:DiskImage`). Throws `E_CONTRACT_UNKNOWN`. */
export function contractOfToken(token = "", kind: Contract["kind"]): Contract {
  const found = contracts.find((each) => each.kind === kind && `guestkit:index:${exportedName(each)}` === token);
  if (!found) throw unknownToken(token);
  return found;
}
