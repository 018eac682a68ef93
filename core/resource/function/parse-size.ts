import type { QueryImplementation } from "../../engine/implementation.ts";

/** The engine has parsed it: implementations get sizes in bytes. */
export const parseSize: QueryImplementation = { read: async ({ size }) => ({ bytes: Number(size) }) };
