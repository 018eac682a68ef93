import { nodeHost } from "../source/node.ts";
import { imageRecord } from "./image-record.ts";
import { recordPath } from "./record-file.ts";

/** What opening images asks of this host: files, decompression, and what is recorded of formats. */
export function imageHost(tell: (warning: string) => void = () => {}) {
  return {
    ...nodeHost,
    recorded: async (name: string) => {
      const found = await imageRecord(name);
      if (found?.distrusted) tell(distrustNote(name, found.distrusted));
      return found;
    },
  };
}

/** What is told of a record that does not count. */
export const distrustNote = (image: string, why: string): string =>
  `the record "${recordPath(image)}" does not count: ${why}`;
