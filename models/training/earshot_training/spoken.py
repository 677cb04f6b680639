"""Numbers, spans, clock times and dates as people say them. Each function takes a random.Random and returns words."""

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "january february march april may june july august september october november december".split()


def cardinal(n):
    """0 to 999,999."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f" {ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" {cardinal(n % 100)}" if n % 100 else "")
    return f"{cardinal(n // 1000)} thousand" + (f" {cardinal(n % 1000)}" if n % 1000 else "")


def ordinal(n):
    """1 to 31."""
    if n < 20:
        return ORDINALS[n]
    if n % 10 == 0:
        return {20: "twentieth", 30: "thirtieth"}[n]
    return f"{TENS[n // 10]} {ORDINALS[n % 10]}"


def number(rng, low, high):
    """Any number of a range, with "and" now and then in the hundreds."""
    n = rng.randint(low, high)
    words = cardinal(n)
    return words.replace("hundred ", "hundred and ", 1) if n > 100 and rng.random() < 0.4 else words


def minute_count(rng):
    """Minutes that people set: round ones more often, but every number from 1 to 90."""
    if rng.random() < 0.45:
        return rng.choice((1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 45, 60, 90))
    return rng.randint(1, 90)


def counted(n, unit):
    return f"{cardinal(n)} {unit}" if n == 1 else f"{cardinal(n)} {unit}s"


def span(rng):
    """A length of time."""
    kind = rng.random()
    if kind < 0.50:
        return counted(minute_count(rng), "minute")
    if kind < 0.62:
        return counted(rng.choice((5, 10, 15, 20, 30, 45, 90, rng.randint(1, 90))), "second")
    if kind < 0.74:
        return rng.choice((counted(rng.randint(1, 12), "hour"), "an hour", "one hour"))
    if kind < 0.84:
        return rng.choice(
            (
                "half an hour",
                "an hour and a half",
                "a quarter of an hour",
                "three quarters of an hour",
                "a minute",
                "a minute and a half",
                "one and a half hours",
                "half a minute",
                "half hour",
            )
        )
    if kind < 0.92:
        return f"{cardinal(rng.randint(2, 9))} and a half {rng.choice(('minutes', 'minutes', 'hours'))}"
    hours, minutes = counted(rng.randint(1, 5), "hour"), counted(minute_count(rng) % 59 + 1, "minute")
    if kind < 0.97:
        return f"{hours} {rng.choice(('and ', ''))}{minutes}"
    return f"{counted(rng.randint(1, 20), 'minute')} {rng.choice(('and ', ''))}{counted(rng.randint(1, 59), 'second')}"


def span_name(rng):
    """A length of time before a noun: "ten minute" timer."""
    kind = rng.random()
    if kind < 0.75:
        return f"{cardinal(minute_count(rng))} minute"
    if kind < 0.88:
        return f"{cardinal(rng.choice((10, 15, 20, 30, 45, 90)))} second"
    return rng.choice(("one hour", "two hour", "half hour", "three hour"))


def minute_words(rng, minute):
    return f"oh {ONES[minute]}" if minute < 10 else cardinal(minute)


def clock(rng):
    """A time of day."""
    hour, kind = cardinal(rng.randint(1, 12)), rng.random()
    half = rng.choice(("", "", " am", " pm", " am", " pm", " in the morning", " in the evening", " tonight"))
    if kind < 0.25:
        return hour + half
    if kind < 0.40:
        return f"{hour} o'clock" + rng.choice(("", "", " in the morning", " in the evening"))
    if kind < 0.75:
        minute = rng.choice((5, 10, 15, 20, 30, 30, 30, 40, 45, 45, 50, rng.randint(1, 59)))
        return f"{hour} {minute_words(rng, minute)}{half}"
    if kind < 0.92:
        return (
            rng.choice(
                (
                    "half past ",
                    "quarter past ",
                    "quarter to ",
                    "a quarter to ",
                    "a quarter past ",
                    "ten to ",
                    "ten past ",
                    "twenty to ",
                    "twenty past ",
                    "five past ",
                    "five to ",
                )
            )
            + hour
        )
    return rng.choice(("noon", "midnight", "midday"))


def day(rng):
    """A day, as one asks about weather and alarms."""
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(
            (
                "today",
                "tomorrow",
                "tonight",
                "this evening",
                "this weekend",
                "tomorrow morning",
                "tomorrow night",
                "this afternoon",
            )
        )
    if kind < 0.75:
        return rng.choice(("", "on ", "next ", "this ")) + rng.choice(DAYS)
    return "on " + date(rng)


def date(rng):
    month, number_ = rng.choice(MONTHS), ordinal(rng.randint(1, 31))
    return rng.choice((f"{month} {number_}", f"the {number_} of {month}", f"{month} the {number_}"))


def alarm_day(rng):
    return rng.choice(
        (
            "tomorrow",
            "tomorrow",
            "tomorrow morning",
            "today",
            "on weekdays",
            "every day",
            "on weekends",
            f"on {rng.choice(DAYS)}",
            f"next {rng.choice(DAYS)}",
            f"every {rng.choice(DAYS)}",
        )
    )


def percent(rng):
    n = rng.choice((0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100, rng.randint(0, 100)))
    return f"{cardinal(n)} {'per cent' if rng.random() < 0.1 else 'percent'}".replace(
        "one hundred p", rng.choice(("one hundred p", "a hundred p"))
    )


def level(rng):
    """A loudness."""
    return rng.choice(
        (
            cardinal(rng.randint(1, 10)),
            cardinal(rng.randint(0, 100)),
            percent(rng),
            percent(rng),
            "half",
            "maximum",
            "the maximum",
            "minimum",
            "full",
        )
    )


def digits(rng):
    return " ".join(ONES[rng.randint(0, 9)] for _ in range(rng.randint(2, 7)))


# Words that the voices read otherwise than people do; only what is spoken changes, never the transcript.
SPELLED = {"okay": "ok", "snowboy": "snow boy", "tv": "t v", "pm": "p m", "dj": "d j", "cd": "c d", "uk": "u k"}
BEFORE_AM = {*ONES, *TENS, "o'clock"}


def said(text, letter_a="ay"):
    """[(token, number of its word)]: what a synthesiser is given for a transcript. "seven am" is A M, "i am" is not;
    `letter_a` is how the synthesiser is told the letter's name."""
    tokens, before = [], ""
    for number_, word in enumerate(text.split()):
        spelled = f"{letter_a} m" if word == "am" and before in BEFORE_AM else SPELLED.get(word, word)
        tokens += [(token, number_) for token in spelled.split()]
        before = word
    return tokens
