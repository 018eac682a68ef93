/** What the default run leaves to this one, engine by engine (support/slow.ts). */
import "../../engines/acceptance/acceptance.test.ts";
import "../../engines/acceptance/checks.test.ts";
import "../../engines/acceptance/wrong-questions.test.ts";
import "../../engines/executable/executable.test.ts";
import "../../engines/terraform/answers.test.ts";
import "../../engines/terraform/debian-image.test.ts";
import "../../engines/terraform/diagnostics.test.ts";
import "../../engines/terraform/drift.test.ts";
import "../../engines/terraform/encrypted.test.ts";
import "../../engines/terraform/hosts.test.ts";
import "../../engines/terraform/identity.test.ts";
import "../../engines/terraform/import.test.ts";
import "../../engines/terraform/lifecycle.test.ts";
import "../../engines/terraform/secrets.test.ts";
import "../../engines/terraform/source.test.ts";
import "../../engines/terraform/spelling.test.ts";
import "../../engines/terraform/tainted.test.ts";
