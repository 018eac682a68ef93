export { calm } from "@guestkit/core/kit";
