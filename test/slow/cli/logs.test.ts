/** What the default run leaves to this one: the other cases of its matrices. */
import "../../tools/cli/logs.test.ts";
