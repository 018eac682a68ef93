import { walkEveryResource } from "../../support/promises/suite.ts";

await walkEveryResource(30);
