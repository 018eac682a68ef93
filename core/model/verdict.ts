import type { ValueObject } from "./value.ts";

/**
 * Whether an action that came to its end failed by its own answer: every output called `exit_code` is 0 where it went well,
 * every one called `ok` true.
 */
export const hasFailed = ({ exit_code, ok }: ValueObject): boolean =>
  (typeof exit_code === "number" && exit_code !== 0) || ok === false;
