import { walkWithTerraform } from "../../support/promises/suite.ts";

await walkWithTerraform(15);
