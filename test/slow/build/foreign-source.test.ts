/** What the default run leaves to this one: the other cases of its matrices. */
import "../../tools/build/foreign-source.test.ts";
