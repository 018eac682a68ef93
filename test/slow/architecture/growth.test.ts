/** What the default run leaves to this one: inputs of a third size. */
import "../../fast/architecture/growth.test.ts";
