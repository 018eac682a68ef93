/** What the default run leaves to this one: more cases. */
import "../../tools/damage/damage.test.ts";
