import { describe, expect, test } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { cachedSource } from "../../../core/source/cached.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { type ByteSource, checkBounds, readInto } from "../../../core/source/source.ts";
import { fc } from "../../support/property.ts";

/** A source of known bytes that answers later, counts, and can be made to fail or to wait. */
function slowSource(size: number) {
  const content = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
  const reads: [number, number][] = [];
  const state = { gate: Promise.resolve(), bad: -1 };
  const source: ByteSource = {
    name: "slow",
    size,
    read: async (offset, length) => {
      checkBounds(source, offset, length);
      reads.push([offset, length]);
      await state.gate;
      if (offset <= state.bad && state.bad < offset + length) throw new GuestkitError("E_TEST", "Cannot read: bad");
      return content.slice(offset, offset + length);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { source, content, reads, state };
}

const options = { pageSize: 64, pages: 4 };

test("any reads, at once and in any order, give the source's bytes", async () => {
  const pair = fc.tuple(fc.nat(1000), fc.nat(300));
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { maxLength: 30 }), fc.nat(6), async (reads, ahead) => {
      const { source, content } = slowSource(1000);
      const cached = cachedSource(source, { ...options, ahead });
      await Promise.all(
        reads.map(async ([offset, length]) => {
          const within = Math.min(length, 1000 - offset);
          const bytes = await cached.read(offset, within);
          expect(Buffer.compare(bytes, content.subarray(offset, offset + within))).toBe(0);
        }),
      );
    }),
  );
});

test("bounds are checked, in peek as well", async () => {
  const cached = cachedSource(slowSource(100).source, options);
  const fault = expect.objectContaining({ code: "E_SOURCE_BOUNDS" });
  await expect(cached.read(90, 11)).rejects.toEqual(fault);
  await expect(cached.read(-1, 1)).rejects.toEqual(fault);
  await expect(cached.read(Number.NaN, 1)).rejects.toEqual(fault);
  expect(() => cached.peek?.(90, 11)).toThrow(fault);
  expect(await cached.read(100, 0)).toHaveLength(0);
});

describe("loading", () => {
  test("a page is read once for all that wait, and not again while it is kept", async () => {
    const { source, reads } = slowSource(1000);
    const cached = cachedSource(source, options);
    await Promise.all([cached.read(0, 10), cached.read(10, 10), cached.read(20, 44)]);
    await cached.read(5, 5);
    expect(reads).toEqual([[0, 64]]);
    expect([...(cached.peek?.(3, 2) ?? [])]).toEqual([...(await cached.read(3, 2))]);
    expect(cached.peek?.(60, 8)).toBeUndefined();
  });

  test("no more pages are kept than told", async () => {
    const { source } = slowSource(1000);
    const cached = cachedSource(source, { ...options, ahead: 1 });
    for (let page = 0; page < 10; page++) await cached.read(page * 64, 1);
    // From the last on: a look at one that is not there brings it.
    const kept = [9, 8, 7, 6, 5].map((page) => cached.peek?.(page * 64, 1) !== undefined);
    expect(kept).toEqual([true, true, true, true, false]);
  });

  test("a look at a page brings it: at once where the source gives it at once", async () => {
    const { source, content, reads } = slowSource(1000);
    const direct: [number, number][] = [];
    const readInto = (offset: number, target: Uint8Array) => {
      direct.push([offset, target.length]);
      target.set(content.subarray(offset, offset + target.length));
    };
    const atOnce = cachedSource({ ...source, readInto }, options);
    expect([...(atOnce.peek?.(70, 3) ?? [])]).toEqual([...content.subarray(70, 73)]);
    expect(await atOnce.read(64, 64)).toEqual(content.slice(64, 128));
    expect(direct).toEqual([[64, 64]]);
    const later = cachedSource(source, options);
    expect(later.peek?.(70, 3)).toBeUndefined();
    expect(await later.read(70, 3)).toEqual(content.slice(70, 73));
    expect(reads).toEqual([[64, 64]]);
  });

  test("what a page holds besides, and cannot be read, is no matter of a look, nor of a read of what can", async () => {
    const { source, content } = slowSource(1000);
    const readInto = (offset: number, target: Uint8Array) => {
      if (offset <= 100 && 100 < offset + target.length) throw new GuestkitError("E_TEST", "Cannot read: bad");
      target.set(content.subarray(offset, offset + target.length));
    };
    const read = async (offset: number, length: number) => {
      const target = new Uint8Array(length);
      readInto(offset, target);
      return target;
    };
    const cached = cachedSource({ ...source, read, readInto }, options);
    expect(cached.peek?.(70, 3)).toBeUndefined();
    expect(await cached.read(70, 3)).toEqual(content.slice(70, 73));
    await expect(cached.read(99, 3)).rejects.toThrow("Cannot read: bad");
  });

  test("reads that follow one another are read ahead, up to the end", async () => {
    const { source, reads } = slowSource(600);
    const cached = cachedSource(source, { pageSize: 64, pages: 12, ahead: 3 });
    for (let at = 0; at < 600; at += 50) await cached.read(at, 50);
    expect(reads).toEqual([
      [0, 64],
      [64, 192],
      [256, 192],
      [448, 152],
    ]);
  });

  test("reads of more than a page go through", async () => {
    const { source, reads } = slowSource(1000);
    await cachedSource(source, options).read(7, 65);
    expect(reads).toEqual([[7, 65]]);
  });
});

describe("reading into memory of one's own", () => {
  const SIZE = 1 << 20;
  const into = async (source: ByteSource, offset: number, length: number) => {
    const target = new Uint8Array(length);
    await readInto(source, offset, target);
    return target;
  };

  test("gives the source's bytes, one after the other, at once and in any order, beside what cannot be read", async () => {
    const { source, content, state } = slowSource(SIZE);
    const step = fc.record({
      gap: fc.integer({ min: -40_000, max: 70_000 }),
      length: fc.oneof(fc.nat(20_000), fc.nat(90_000)),
      waits: fc.boolean(),
      bad: fc.oneof(fc.constant(-1), fc.nat(SIZE)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const cached = cachedSource(source, options);
        const reads: Promise<void>[] = [];
        let end = 0;
        for (const { gap, length, waits, bad } of steps) {
          const offset = Math.max(0, Math.min(end + gap, SIZE));
          const within = Math.min(length, SIZE - offset);
          end = offset + within;
          // What is bad is so for one read alone.
          if (bad >= 0) await Promise.all(reads.splice(0));
          state.bad = bad;
          const isBad = offset <= bad && bad < end;
          const read = into(cached, offset, within).then(
            (bytes) => expect(Buffer.compare(bytes, content.subarray(offset, offset + within))).toBe(0),
            (error) => expect([isBad, error.code]).toEqual([true, "E_TEST"]),
          );
          reads.push(read);
          if (waits || bad >= 0) await Promise.all(reads.splice(0));
          state.bad = -1;
        }
        await Promise.all(reads);
      }),
      { numRuns: 60 },
    );
  });

  test("small reads that follow one another are few of the source", async () => {
    const { source, reads } = slowSource(SIZE);
    const cached = cachedSource(source, { pageSize: 4096, pages: 64 });
    for (let at = 0; at + 8192 <= SIZE; at += 12_288) await into(cached, at, 8192);
    expect(reads.length).toBeLessThan(12);
    expect(reads.every(([, length]) => length <= 256 << 10)).toBe(true);
  });

  test("a place that is far, and a large one, are read by themselves", async () => {
    const { source, reads } = slowSource(SIZE);
    const cached = cachedSource(source, options);
    for (const at of [500_000, 100_000, 300_000]) await into(cached, at, 1000);
    await into(cached, 301_000, 100_000);
    expect(reads).toEqual([
      [500_000, 1000],
      [100_000, 1000],
      [300_000, 1000],
      [301_000, 100_000],
    ]);
  });
});

describe("memory", () => {
  test("what read gives holds nothing but itself", async () => {
    const cached = cachedSource(slowSource(1000).source, options);
    for (const bytes of [await cached.read(0, 5), await cached.read(2, 5)]) {
      expect(bytes.buffer.byteLength).toBe(5);
    }
  });

  test("a page holds its slab and not the larger buffer that it came from", async () => {
    const cached = cachedSource(memorySource(new Uint8Array(1000)), options);
    await cached.read(0, 1);
    expect(cached.peek?.(0, 1)?.buffer.byteLength).toBe(4 * 64);
  });

  test("a view stays what it was, whatever is read after it", async () => {
    const { source, content } = slowSource(1000);
    const cached = cachedSource(source, options);
    const views: Uint8Array[] = [];
    for (let page = 0; page < 15; page++) {
      await cached.read(page * 64, 1);
      views.push(cached.peek?.(page * 64, 60) ?? new Uint8Array());
    }
    expect(views).toEqual(Array.from({ length: 15 }, (_, page) => content.slice(page * 64, page * 64 + 60)));
  });

  test("what is asked for again stays, while others come and go", async () => {
    const { source, reads } = slowSource(1000);
    const cached = cachedSource(source, { pageSize: 64, pages: 8, ahead: 2 });
    for (let page = 0; page < 15; page += 1) for (const at of [0, page]) await cached.read(at * 64, 1);
    expect(reads.filter(([offset]) => offset === 0)).toHaveLength(1);
  });
});

describe("aborting", () => {
  test("one who aborts leaves at once, the others get their bytes", async () => {
    const { source, content, state, reads } = slowSource(1000);
    const cached = cachedSource(source, options);
    let open = () => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const controller = new AbortController();
    const first = cached.read(0, 10, controller.signal);
    const second = cached.read(4, 10);
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    open();
    expect(await second).toEqual(content.slice(4, 14));
    expect(reads).toHaveLength(1);
  });

  test("an aborted signal is heard before anything is read", async () => {
    const { source, reads } = slowSource(1000);
    const cached = cachedSource(source, options);
    await expect(cached.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(reads).toEqual([]);
  });
});

describe("faults", () => {
  test("bytes beside a bad place can be read, the bad place cannot, and nothing is kept of it", async () => {
    const { source, content, state } = slowSource(1000);
    const cached = cachedSource(source, options);
    state.bad = 70;
    expect(await cached.read(80, 5)).toEqual(content.slice(80, 85));
    await expect(cached.read(68, 5)).rejects.toMatchObject({ code: "E_TEST" });
    state.bad = -1;
    expect(await cached.read(68, 5)).toEqual(content.slice(68, 73));
  });

  test("a fault in what was read ahead is nobody's", async () => {
    const { source, content, state } = slowSource(1000);
    const cached = cachedSource(source, options);
    state.bad = 200;
    for (let at = 0; at < 180; at += 10) expect(await cached.read(at, 10)).toEqual(content.slice(at, at + 10));
  });
});
