import { walkEveryResource, walkWithTerraform } from "../../support/promises/suite.ts";

await walkEveryResource(500);
await walkWithTerraform(500);
