import { describe, expect, it } from "testing";
import { isPieceName } from "../../../src/player/library";

describe("isPieceName", () => {
  it("takes letters, digits and . _ -", () => {
    for (const name of ["default", "Piece_2.opus", "a-b"]) expect(isPieceName(name)).toBe(true);
  });

  it("refuses what could be a path or could not be shown", () => {
    for (const name of ["", "a/b", "a b", "\u0007", "é", "x".repeat(65)]) expect(isPieceName(name)).toBe(false);
  });
});
