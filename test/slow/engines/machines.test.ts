/** What the default run leaves to this one, engine by engine (support/slow.ts). */
import "../../engines/terraform/hosts-machines.test.ts";
import "../../engines/terraform/machine.test.ts";
import "../../engines/terraform/machine-plan.test.ts";
import "../../engines/terraform/machine-secrets.test.ts";
import "../../engines/terraform/taken-away.test.ts";
import "../../engines/terraform/template.test.ts";
