import { describe, expect, it } from "testing";
import { Ring } from "../../../src/base/ring";

describe("Ring", () => {
  it("keeps the newest values, oldest first", () => {
    const ring = new Ring<number>(3);
    expect(ring.last()).toEqual([]);
    for (let i = 1; i <= 5; i++) ring.push(i);
    expect(ring.last()).toEqual([3, 4, 5]);
    expect(ring.last(2)).toEqual([4, 5]);
    expect(ring.length).toBe(3);
  });
});
