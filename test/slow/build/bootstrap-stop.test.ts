/** Stopped at other points each time. */
import "../../tools/build/bootstrap-stop.test.ts";
