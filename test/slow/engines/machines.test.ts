/** What the default run shortens for engines that tell the same as another: the whole of it, in each. */
import "../../engines/acceptance/machine-acceptance.test.ts";
import "../../engines/terraform/machine.test.ts";
