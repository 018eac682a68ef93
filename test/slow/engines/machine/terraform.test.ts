import { machineAcceptance } from "../../../engines/acceptance/machine-acceptance.ts";

machineAcceptance("terraform");
