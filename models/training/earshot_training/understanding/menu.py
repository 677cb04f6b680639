"""The closed menu of drinks as a graph of words (native/understanding/menu.c): every order there is, each slot once.

Before the drink any of size, roast and shots in any order; after "with" milk and sugar in either order, each with its
amount. Costs in sixteenths; tuned on coffee dev, 2026-11-25.
"""

import dataclasses
import itertools

from .. import grammar

# A word too many costs little before the order (openings are many) and behind it, much inside.
EXTRA_BEFORE, EXTRA_INSIDE, EXTRA_BEHIND = 12, 26, 16
# A missing word: glue is often swallowed, what tells values apart is not.
GLUE = {"a": 4, "of": 4, "with": 10, "and": 8, "shot": 10, "roast": 12, "ounce": 10, "bit": 14, "milk": 40, "coffee": 40}
MISSING = 60
PENDING = 255  # words of the slot that follows


@dataclasses.dataclass
class Menu:
    words: list[str]
    missing: list[int]
    arcs: list[tuple[int, int, int, int]]  # from, to, word, slot (0: none)
    states: list[tuple[int, int]]  # cost of a word too many, 1 where an order may end


class Builder:
    """States by any name; `order` gives their numbers, lower before higher along every arc."""

    def __init__(self):
        self.arcs, self.info = [], {}

    def state(self, name, extra=EXTRA_INSIDE, end=0):
        self.info.setdefault(name, (extra, end))
        return name

    def way(self, begin, end, words, slot, last_slot=None):
        """The words one after the other; `slot` of all but the last when `last_slot` is given."""
        at = begin
        for i, word in enumerate(words):
            last = i == len(words) - 1
            there = end if last else self.state((begin, "to", end if not last_slot else "", tuple(words[: i + 1])))
            arc = (at, there, word, last_slot if last and last_slot else slot)
            if arc not in self.arcs:
                self.arcs.append(arc)
            at = there

    def order(self, start):
        """Topological, from the start."""
        following = {}
        for begin, end, _, _ in self.arcs:
            following.setdefault(begin, []).append(end)
        done, names = set(), []

        def visit(name):
            if name in done:
                return
            done.add(name)
            for other in following.get(name, []):
                visit(other)
            names.append(name)
        visit(start)
        return {name: i for i, name in enumerate(reversed(names))}


def before_drink(b):
    slots = {"size": grammar.SIZES, "roast": grammar.ROASTS, "numberOfShots": grammar.SHOTS}
    for count in range(4):
        for said in itertools.combinations(sorted(slots), count):
            extra = EXTRA_BEFORE if count == 0 else EXTRA_INSIDE
            here = b.state(("before", said), extra)
            for slot, values in slots.items():
                if slot in said:
                    continue
                there = b.state(("before", tuple(sorted((*said, slot)))), EXTRA_INSIDE)
                for value in values:
                    words = value.split()
                    if len(words) == 1:
                        b.way(here, there, words, slot)
                    else:  # values of one slot share the state before their common last word
                        middle = b.state(("inside", said, slot))
                        b.way(here, middle, words[:1], slot)
                        b.way(middle, there, words[1:], slot)
            for value in grammar.DRINKS:
                words = value.split()
                if len(words) == 1:
                    b.way(here, b.state(("after", ()), EXTRA_BEHIND, 1), words, "coffeeDrink")
                else:
                    middle = b.state(("drink", "iced" if words[0] == "iced" else "house"))
                    b.way(here, middle, words[:1], "coffeeDrink")
                    b.way(middle, ("after", ()), words[1:], "coffeeDrink")


AMOUNTS = (("some",), ("a", "bit", "of"), ("a", "little", "bit", "of"), ("lots", "of"), ("a", "lot", "of"))


def after_drink(b):
    for said in ((), ("milkAmount",), ("sugarAmount",)):
        here = b.state(("after", said), EXTRA_BEHIND, 1)
        with_ = b.state(("with", said))
        for glue in ("with",) if not said else ("and", "with"):
            b.way(here, with_, (glue,), None)
        bare = b.state(("amount", said))
        for amount in AMOUNTS:
            for i, word in enumerate(amount):
                def place(n, amount=amount):
                    """Amounts share their ends: "a bit of", "a little bit of", "lots of"."""
                    if n == 0:
                        return with_
                    if n == len(amount):
                        return bare
                    rest = amount[n:]
                    return b.state(("amount", said, rest if amount[0] != "a" or n > 1 else "a"))
                arc = (place(i), place(i + 1), word, "pending")
                if arc not in b.arcs:
                    b.arcs.append(arc)
        for slot, values in (("milkAmount", grammar.MILKS), ("sugarAmount", grammar.SUGARS)):
            if slot in said:
                continue
            there = b.state(("after", tuple(sorted((*said, slot)))), EXTRA_BEHIND, 1)
            for value in values:
                for begin in (with_, bare):
                    words = value.split()
                    if len(words) == 1:
                        b.way(begin, there, words, slot)
                    else:
                        middle = b.state(("noun", said, words[1]))
                        b.way(begin, middle, words[:1], slot)
                        b.way(middle, there, words[1:], slot)


def coffee(slot_numbers) -> Menu:
    """`slot_numbers`: number of each slot's name in the packed file, from 1."""
    b = Builder()
    before_drink(b)
    after_drink(b)
    numbers = b.order(("before", ()))
    words = sorted({word for _, _, word, _ in b.arcs})
    place = {word: i for i, word in enumerate(words)}
    slot = {None: 0, "pending": PENDING, **slot_numbers}
    arcs = sorted({(numbers[f], numbers[t], place[w], slot[s]) for f, t, w, s in b.arcs})
    states = [b.info[name] for name, _ in sorted(numbers.items(), key=lambda item: item[1])]
    return Menu(words, [GLUE.get(word, MISSING) for word in words], arcs, states)
