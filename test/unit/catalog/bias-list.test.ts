import { describe, expect, it } from "testing";
import { parseBiasList } from "../../../src/catalog/bias-list";

const folded = (text: string) => parseBiasList(text).names.map((name) => name.folded);
const reasons = (text: string) => parseBiasList(text).problems.map(({ line, reason }) => `${line} ${reason}`);

describe("parseBiasList", () => {
  it("reads a name a line, with an optional class and weight, and keeps the owner's spelling", () => {
    expect(parseBiasList("Anna-Lena O’Neill\tcontact\t1.5\n\nKitchen\n")).toEqual({
      names: [
        { name: "Anna-Lena O’Neill", folded: "anna lena o'neill", class: "contact", weight: 1.5, line: 1 },
        { name: "Kitchen", folded: "kitchen", class: null, weight: 1, line: 3 },
      ],
      problems: [],
      refused: null,
    });
  });

  it("takes LF, CRLF, CR and a byte order mark", () => {
    expect(folded("\ufeffa\r\nb\rc\nd")).toEqual(["a", "b", "c", "d"]);
  });

  it("takes two lines that fold alike in one class for one name", () => {
    expect(folded("Rock & Roll\nrock AND roll\nCafé\nCafe\u0301\nCAFE")).toEqual(["rock and roll", "cafe"]);
    expect(folded("anna\tcontact\nanna\tplaylist")).toEqual(["anna", "anna"]);
  });

  it("names each line that can't be used, with its number and the reason, and uses the rest", () => {
    const text = ["Anna", "be\u0007ll", "x".repeat(200), "Studio 54", "Иван", "-", "a\tb\tc\td", "Bert"].join("\n");
    expect(folded(text)).toEqual(["anna", "studio fifty four", "bert"]);
    expect(reasons(text)).toEqual([
      "2 holds the control character U+0007",
      "3 has 200 letters, more than 64",
      '5 has "и", for which the model has no letters',
      "6 holds no letters",
      "7 has 4 fields; expected a name, a class and a weight",
    ]);
    expect(reasons("a\tno class\nb\t\t-1\nc\t\t1e3\nd\t\t11\n\ufffd\nf\u0000").length).toBe(6);
    expect(reasons("x".repeat(1001))).toEqual(["1 is 1001 characters long"]);
  });

  it("refuses a text that is no list of names", () => {
    expect(parseBiasList("\n \n").refused).toBe("expected names, one a line; found none");
    expect(parseBiasList("").refused).toBe("expected names, one a line; found none");
  });
});
