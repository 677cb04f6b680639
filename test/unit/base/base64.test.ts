import { describe, expect, it } from "testing";
import { encodeBase64 } from "../../../src/base/base64";

describe("encodeBase64", () => {
  it("gives what RFC 4648 lists", () => {
    const ascii = (text: string) => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
    const texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
    const expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
    expect(texts.map((text) => encodeBase64(ascii(text)))).toEqual(expected);
    expect(encodeBase64(Uint8Array.of(255, 254, 251, 240))).toBe("//778A==");
  });
});
