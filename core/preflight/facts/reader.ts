import { type Allowance, type Budget, isLate } from "../../kit/budget.ts";

/** Collects what could not be read instead of failing over it. */
export class Reader {
  readonly unread: string[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Null where reading fails or asks for more than its share; what is thrown for an abort or by the clock passes. */
  async fact<T>(
    name: string,
    read: () => Promise<T>,
    signal?: AbortSignal,
    more?: Partial<Allowance>,
  ): Promise<T | null> {
    try {
      return await this.#budget.part(name, read, more);
    } catch (error) {
      signal?.throwIfAborted();
      if (isLate(error)) throw error;
      this.unread.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
}
