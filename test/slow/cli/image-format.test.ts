/** What the default run leaves to this one: the other cases of its matrices. */
import "../../tools/cli/image-format.test.ts";
