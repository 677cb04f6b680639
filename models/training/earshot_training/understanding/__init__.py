"""The recipe of models/understanding.esu: from words and lattices to one intent with slots.

    python3 -m earshot_training understand           everything: data, training, the packed file, its figures
"""
