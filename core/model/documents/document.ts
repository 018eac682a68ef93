import type { z } from "zod";

/** A JSON document that guestkit prints or reads beside the answers of contracts: what its published schema comes from. */
export interface Document {
  /** What `guestkit schema` and the schema's file call it. */
  readonly name: string;
  /** In one sentence. */
  readonly title: string;
  readonly schema: z.ZodType;
}

export const document = (name: string, title: string, schema: z.ZodType): Document => ({ name, title, schema });
