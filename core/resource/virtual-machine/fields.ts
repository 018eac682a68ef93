/** Looks into a declaration in canonical form, of which anything may be UNKNOWN. */
import type { Diagnostic } from "../../engine/diagnostic.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";

/** A rule over a declaration in canonical form. */
export type Rule = (input: ValueObject) => readonly Diagnostic[];

/** The things of a map by name; those that are not known yet are left out. */
export const entries = (value: Value | undefined): [string, ValueObject][] =>
  isObject(value) ? Object.entries(value).flatMap(([name, each]) => (isObject(each) ? [[name, each]] : [])) : [];

export const elements = (value: Value | undefined): ValueObject[] => (isList(value) ? value.filter(isObject) : []);

/** Said, and known. */
export const isGiven = (value: Value | undefined): boolean =>
  value !== null && value !== undefined && value !== UNKNOWN;
