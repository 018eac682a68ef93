import { realpathSync } from "node:fs";

/** Whether two paths lead to one file or folder that is there, links followed. */
export function isSameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
