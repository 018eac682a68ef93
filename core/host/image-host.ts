import { dirname, resolve } from "node:path";
import { nodeHost } from "../source/node.ts";
import { imageRecord } from "./image-record.ts";
import { recordPath } from "./record-file.ts";

/**
 * What opening images asks of this host: files, decompression, and what is recorded of formats. `note` hears of each file
 * that a header names, before it is opened.
 */
export function imageHost(tell: (warning: string) => void = () => {}, note: (path: string) => void = () => {}) {
  return {
    ...nodeHost,
    openFile: (name: string, base: string) => {
      note(resolve(dirname(base), name));
      return nodeHost.openFile(name, base);
    },
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
