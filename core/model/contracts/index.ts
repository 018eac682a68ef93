import type { Declaration } from "../declare.ts";
import { diskImage } from "./disk-image.ts";

/** Every contract, in the order in which faces list them. */
export const declarations: readonly Declaration[] = [diskImage];
