import { stat } from "node:fs/promises";

/** Whether a path leads to anything that this user may look at. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
