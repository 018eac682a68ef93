/** What every file of tests begins with. */
import { afterAll } from "vitest";
import { finish } from "./at-end.ts";

afterAll(finish);
