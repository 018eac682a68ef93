import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";

const library = dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json"));
const schema = async (name: string) =>
  JSON.parse(await readFile(join(library, `res/schema/${name}.SNAPSHOT.schema.json`), "utf8"));

/** Gives what is wrong with a document by the schema of CycloneDX 1.6 that the library ships: no keyword or format of it is passed over as unknown. */
export async function cyclonedxFaults(): Promise<(document: unknown) => readonly unknown[]> {
  const ajv = new Ajv({ strict: true, strictRequired: false });
  ajv.addVocabulary(["meta:enum"]);
  formats.default(ajv);
  // Of addresses and links, of which guestkit writes none.
  for (const format of ["idn-email", "iri-reference"]) ajv.addFormat(format, true);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"])
    ajv.addSchema(await schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(await schema("bom-1.6"));
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}
