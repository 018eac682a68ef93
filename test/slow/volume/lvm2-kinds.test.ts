/** What the default run leaves to this one: the other cases of its matrices. */
import "../../tools/volume/lvm2-kinds.test.ts";
