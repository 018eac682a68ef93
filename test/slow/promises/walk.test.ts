import { walkEveryResource, walkWithTerraform } from "../../support/promises/suite.ts";

const steps = Number(process.env.GUESTKIT_WALK_STEPS ?? 500);

await walkEveryResource(steps);
await walkWithTerraform(steps);
