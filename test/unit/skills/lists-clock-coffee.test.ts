import { describe, expect, it } from "testing";
import { bench } from "../drivers";
import { said } from "./said";

describe("lists, clock and coffee by voice", () => {
  it("keep lists over a restart", () => {
    const speaker = bench();
    expect(said(speaker, "listAdd item=milk and eggs;list=grocery")).toContain("added to your list");
    said(speaker, "listAdd item=call anna;list=to do");
    const next = bench({ store: speaker.store });
    expect(said(next, "listRead")).toContain("two things on your list milk and eggs");
    expect(said(next, "listRemove item=milk")).toContain("removed from your list");
    expect(said(next, "listRemove item=milk")).toContain("that is not on your list");
    expect(next.type("lists")).toBe("shopping: 1\nto do: 1\nok");
    expect(next.type("lists to do")).toBe("call anna\nok");
    expect(said(next, "listRead list=christmas")).toContain("your list is empty");
    expect(said(next, "listAdd")).toContain("i did not get what to add");
  });

  it("tell time and date, and the date of a day", () => {
    const speaker = bench();
    expect(said(speaker, "time")).toContain("it is eight a m");
    expect(said(speaker, "time place=tokyo")).toContain("the clock shows only this place");
    expect(said(speaker, "date")).toContain("today is thursday january the first");
    expect(said(speaker, "date day=tomorrow")).toContain("tomorrow is friday january the second");
    expect(said(speaker, "date day=christmas")).toContain("it is three hundred fifty eight days until friday december");
    expect(said(speaker, "date day=some day")).toContain("i don't know the answer to that");
  });

  it("order coffee with every slot", () => {
    const speaker = bench();
    const order =
      "orderDrink size=small;roast=dark roast;numberOfShots=double shot;coffeeDrink=latte;milkAmount=some soy milk;sugarAmount=brown sugar";
    expect(said(speaker, order)).toContain(
      "small dark roast double shot latte with some soy milk and brown sugar coming up",
    );
    expect(speaker.traced.slice(-2)[0]).toContain(
      '"skill":"coffee","name":"orderDrink","arguments":{"size":"small","roast":"dark roast","numberOfShots":"double shot","coffeeDrink":"latte","milkAmount":"some soy milk","sugarAmount":"brown sugar"}',
    );
    expect(said(speaker, "orderDrink")).toContain("what would you like to drink");
  });
});
