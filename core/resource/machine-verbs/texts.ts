import { isList, type Value } from "../../model/value.ts";

/** A list of texts as verbs are given one; empty where it is left out. */
export const texts = (value: Value | undefined): readonly string[] => (isList(value) ? value.map(String) : []);
