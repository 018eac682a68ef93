export { sharesOf } from "./shares.ts";
export { sweepDisposables } from "./sweep.ts";
export { type DisposableOptions, type DisposablePlace, withDisposable } from "./with-disposable.ts";
