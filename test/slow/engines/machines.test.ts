/** What the default run leaves out for an engine that tells the same as another (support/slow.ts). */
import "../../engines/acceptance/acceptance.test.ts";
import "../../engines/acceptance/machine-acceptance.test.ts";
import "../../engines/terraform/debian-image.test.ts";
import "../../engines/terraform/machine.test.ts";
