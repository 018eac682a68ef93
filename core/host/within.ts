import { join, sep } from "node:path";

/** Whether an absolute path is a folder or lies below it, by their letters. */
export const isWithin = (path: string, folder: string): boolean => join(path, sep).startsWith(join(folder, sep));
