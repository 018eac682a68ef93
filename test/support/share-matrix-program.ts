/** Run as an ordinary user: `shareMatrix` of what stands in the JSON of the first argument; prints its verdicts. */
import { type Matrix, shareMatrix } from "./share-matrix.ts";

console.log(JSON.stringify(await shareMatrix(JSON.parse(process.argv[2] ?? "") as Matrix)));
