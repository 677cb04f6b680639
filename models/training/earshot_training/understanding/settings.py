"""Every number of the recipe, printed at its start."""

import dataclasses


@dataclasses.dataclass
class Settings:
    seed: int = 14
    share_alike: bool = False  # teach from the share-alike corpora too: for measuring what leaving them out costs
    grammar_lines: int = 60000
    speech_lines: int = 3000  # of audiobooks, as "none"
    dressed: float = 0.25  # share of lines that come again with words of courtesy around them
    grammar_weight: float = 0.7  # of a line of our grammar beside one that people wrote
    heard_weight: float = 0.5  # of a line as the recogniser heard it
    least_kind: int = 20  # lines of a kind of "none" that make it a class of its own
    balance: float = 0.35  # weight of an intent: (largest / its lines) ^ balance
    teachers: int = 2
    teacher_rows: int = 65536
    teacher_width: int = 48
    teacher_passes: int = 6
    made_lines: int = 60000
    hard_share: float = 0.3  # of a labelled line's target; the rest is the teachers'
    rows: int = 5200  # n-grams of the packed file
    width: int = 32
    student_passes: int = 6
    grid_passes: int = 3  # more passes with the rows on the 4-bit grid
    rate: float = 0.1
    drop: float = 0.2  # of the features of a line in each pass
    lost: float = 0.034  # covered requests that may be refused on weighted dev lines: room to 3 %
    question_doubt: float = 1.0  # nats taken from "question": what it takes from others is not worth it
    bucket_bits: int = 11
    slot_lines: int = 26000
    slot_passes: int = 8
    slot_rows: int = 4096
    menu_trust: float = 16.0  # sixteenths of cost for a nat, tuned on coffee dev
    menu_bonus: int = 60
    menu_limit: int = 10
