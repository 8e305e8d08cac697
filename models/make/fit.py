"""Fits the vectors of words and pieces to the teacher, and writes models/words.bin and golden.jsonl.

    PYTHONPATH=DIR/python python3 fit.py DIR DATA    (DIR as fetch.sh filled it, DATA the question sets)

English: each row is fitted by ridge regression so that the sum of a text's rows meets the teacher's vector
of the text, starting from the teacher's vector of the single word, weighted by its rarity. Any other
language: its rows are fitted so that a text meets the teacher's vector of its English original. So all
languages share the English space.
"""

import collections
import json
import os
import sys

import numpy as np
import scipy.sparse as sparse
import wordfreq

from pack import pack
from teach import Teacher
from text import PIECE, WORD, split, words
from texts import DICTS, Parallel, dictionary, support

DIMS, RIDGE, POWER, RARE = 112, 1.0, 0.4, 1e-3
ENGLISH_WORDS, ENGLISH_PIECES = 16_000, 4_200
# Words, pieces inside words.
LANGS = {lang: (4_300, 800) for lang in "de es fr pt it nl".split()}
LANGS |= {lang: (1_000, 300) for lang in "pl ru uk cs sv da hu he ko".split()} | {"zh": (1_300, 0), "ja": (1_300, 0)}
GOLDEN = [
    ("en", "How do I get my money back?"),
    ("en", "I can't log in to my account, the PASSWORD isn't accepted"),
    ("en", "Where's order #48213-B? Café déjà-vu naïve"),
    ("en", "unsubscribbe from teh newslettter plz"),
    ("de", "Wie lange dauert die Rückerstattung für übergroße Pakete?"),
    ("de", "Rücksendeetikett ausdrucken"),
    ("es", "¿Dónde está mi pedido? ¡Aún no llegó!"),
    ("fr", "L’adresse de livraison n'est pas la bonne"),
    ("pt", "Não recebi o código de verificação"),
    ("it", "Vorrei cambiare l'indirizzo e-mail dell'account"),
    ("nl", "Hoe kan ik mijn bestelling annuleren?"),
    ("zh", "如何更改我的电子邮件地址"),
    ("ja", "パスワードを忘れました"),
    ("ru", "Как изменить пароль"),
]


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


class Table(dict):
    """(kind, text) -> row."""

    def put(self, kind, text):
        self.setdefault((kind, text), len(self))


class Without:
    """A table as if it did not know one whole word: the word then comes in pieces."""

    def __init__(self, table, word):
        self.table, self.word = table, (WORD, word)

    def __contains__(self, key):
        return key != self.word and key in self.table


def in_pieces(table, word):
    return [table[(kind, text)] for _, kind, text in split(word, Without(table, word))]


def ids(lang, text, own, beside=None):
    """Rows of a text; those of the table beside come after the own ones."""
    beside, out = beside or {}, []
    for word in words(lang, text):
        for where, kind, piece in split(word, own, beside):
            out.append(own[(kind, piece)] if where == "own" else len(own) + beside[(kind, piece)])
    return out


def matrix(lists, columns):
    """A row per text: its rows' share of it."""
    data = [len(row) ** -POWER for row in lists for _ in row]
    ends = np.cumsum([0] + [len(row) for row in lists])
    out = sparse.csr_matrix(
        (np.array(data, np.float32), np.array([i for row in lists for i in row], np.int32), ends),
        shape=(len(lists), columns),
    )
    out.sum_duplicates()
    return out


def ridge(a, target, start, weight):
    """Minimises weight |a x - target|² + RIDGE |x - start|² by conjugate gradients."""
    root = np.sqrt(weight)[:, None].astype(np.float32)
    a, target = a.multiply(root).tocsr(), target * root
    at = a.T.tocsr()
    residue = at @ (target - a @ start)
    scale = (1 / (np.asarray(a.multiply(a).sum(0)).ravel() + RIDGE))[:, None].astype(np.float32)
    x, z = np.zeros_like(start), scale * residue
    step, energy = z.copy(), (residue * z).sum(0)
    first = energy.sum()
    for _ in range(25):
        q = at @ (a @ step) + RIDGE * step
        alpha = energy / np.maximum((step * q).sum(0), 1e-12)
        x, residue = x + alpha * step, residue - alpha * q
        z = scale * residue
        new = (residue * z).sum(0)
        if new.sum() < 1e-5 * first:
            break
        step, energy = z + (new / np.maximum(energy, 1e-12)) * step, new
    return start + x


class English:
    def __init__(self, teacher, texts, listed):
        vectors = teacher.vectors_of(texts)
        middle = vectors.mean(0)
        axes = np.linalg.svd(unit(vectors - middle).T @ unit(vectors - middle))[0][:, :DIMS]
        self.targets = unit(unit(vectors - middle) @ axes)
        self.row = {text: i for i, text in enumerate(texts)}
        self.listed = {word: i for i, word in enumerate(listed)}
        self.words = unit((teacher.vectors_of(listed) - middle) @ axes)
        self.rarity = np.array([RARE / (RARE + wordfreq.word_frequency(w, "en")) for w in listed])
        self.table = self._table(texts, listed, teacher.pieces)
        start = np.zeros((len(self.table), DIMS), np.float32)
        for (kind, word), row in self.table.items():
            if kind == WORD and word in self.listed:
                start[row] = self.word(word)
        rest = listed[2_000:]
        lists = [ids("en", t, self.table) for t in texts] + [in_pieces(self.table, w) for w in rest]
        weight = np.concatenate([np.ones(len(texts)), np.full(len(rest), 0.2)])
        targets = np.concatenate([self.targets, self.words[2_000:]])
        self.vectors = ridge(matrix(lists, len(self.table)), targets, start, weight)

    def word(self, word):
        return self.words[self.listed[word]] * self.rarity[self.listed[word]]

    def _table(self, texts, listed, pieces):
        table, counts = Table(), collections.Counter(w for text in texts for w in words("en", text))
        for word in [w for w in listed if counts[w] >= 2] + listed:
            if len(table) < ENGLISH_WORDS:
                table.put(WORD, word)
        for piece in [p for p in pieces if p.isascii() and p.isalnum()][:ENGLISH_PIECES]:
            table.put(PIECE, piece)
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789":
            table.put(PIECE, letter)
            table.put(WORD, letter)
        return table


class Other:
    """Another language, with its table and vectors."""

    def __init__(self, lang, english, parallel, translations):
        pairs = [(t[lang], english.row[e]) for e, t in parallel.items() if lang in t and e in english.row]
        self.lang, self.english, self.translations = lang, english, translations
        frequent = wordfreq.top_n_list(lang, 30_000 if lang in DICTS else 8_000)
        frequent = [word for entry in frequent for word in words(lang, entry)]
        self.table = self._table([text for text, _ in pairs], frequent)
        start = np.zeros((len(self.table), DIMS), np.float32)
        meant = {word: self._meaning(ways) for word, ways in translations.items()}
        for word, vector in meant.items():
            if (WORD, word) in self.table:
                rarity = RARE / (RARE + wordfreq.word_frequency(word, lang))
                start[self.table[(WORD, word)]] = vector * rarity
        lists = [ids(lang, text, self.table, english.table) for text, _ in pairs]
        lists += [in_pieces(self.table, word) for word in meant]
        targets = np.concatenate([english.targets[[row for _, row in pairs]], *[v[None] for v in meant.values()]])
        weight = np.concatenate([np.ones(len(pairs)), np.full(len(meant), 0.2)])
        a = matrix(lists, len(self.table) + len(english.table))
        known = a[:, len(self.table) :] @ english.vectors
        own = a[:, : len(self.table)].tocsr()
        self.vectors = ridge(own, (targets - known).astype(np.float32), start, weight)
        print(lang, len(pairs), "texts,", len(self.table), "rows", flush=True)

    def _meaning(self, ways):
        zero = np.zeros(DIMS)
        known = self.english.listed
        ways = [np.mean([self.english.word(w) for w in way if w in known] or [zero], axis=0) for way in ways]
        return unit(np.sum([unit(way) for way in ways], axis=0))

    def _table(self, texts, frequent):
        table, (many, inner) = Table(), LANGS[self.lang]
        rank = {word: i for i, word in reversed(list(enumerate(frequent)))}
        counts = self._counts(texts)
        merit = {word: np.log(1 + count) for word, count in counts.items() if count >= 2}
        for word in self.translations:
            common = max(0, 3.5 - np.log10(1 + rank.get(word, 30_000)))
            merit[word] = merit.get(word, 0) + common + 0.3
        for word in rank.keys() & merit.keys():
            merit[word] += max(0, 4 - np.log10(1 + rank[word]))
        for word in sorted(merit, key=lambda word: (-merit[word], word))[:many]:
            table.put(WORD, word)
        self._pieces(table, sorted(set(merit) | set(frequent)), counts, inner)
        letters = collections.Counter(letter for word in counts for letter in word)
        for letter, _ in letters.most_common(60):
            table.put(PIECE, letter)
            table.put(WORD, letter)
        return table

    def _counts(self, texts):
        counts = collections.Counter(w for text in texts for w in words(self.lang, text))
        longest = {"zh": 4, "ja": 6}.get(self.lang)
        if not longest:
            return counts
        # Without spaces a word is any part of a run that a word list knows.
        known = {w for entry in wordfreq.top_n_list(self.lang, 60_000) for w in words(self.lang, entry)}
        parts = collections.Counter()
        for run, count in counts.items():
            for start in range(len(run)):
                for end in range(start + 1, min(len(run), start + longest) + 1):
                    parts[run[start:end]] += count
        return collections.Counter({p: c for p, c in parts.items() if c >= 4 and (len(p) == 1 or p in known)})

    def _pieces(self, table, vocabulary, counts, many):
        """Insides and beginnings of many words; the longer and the more of a word, the better."""
        inner, first = collections.Counter(), collections.Counter()
        for word in vocabulary:
            merit = 1 + np.log1p(counts.get(word, 0)) + 0.2 * (word in self.translations)
            for start in range(1, len(word)):
                for end in range(start + 2, min(len(word), start + 11) + 1):
                    inner[word[start:end]] += merit * (1.6 if end == len(word) else 0.4)
            for end in range(3, min(len(word) - 1, 9) + 1):
                first[word[:end]] += merit
        for piece in inner:
            is_word = (WORD, piece) in table and len(piece) > 3
            inner[piece] *= (len(piece) - 1) ** 1.5 * (2 if is_word else 1) if inner[piece] >= 6 else 0
        for piece in first:
            is_new = first[piece] >= 6 and (WORD, piece) not in table
            first[piece] *= (len(piece) - 1) ** 1.2 if is_new else 0
        for piece, merit in inner.most_common(many):
            table.put(PIECE, piece) if merit else None
        for piece, merit in first.most_common(many // 2):
            table.put(WORD, piece) if merit else None


def golden(path, tables, vectors, places):
    """The beginnings of a few vectors, for the reader's tests."""
    with open(path, "w") as out:
        for lang, text in GOLDEN:
            own, beside = tables[lang], {} if lang == "en" else tables["en"]
            rows = [places[lang] + i if i < len(own) else places["en"] + i - len(own) for i in ids(lang, text, own, beside)]
            vector = [round(float(x), 4) for x in unit(vectors[rows].sum(0))[:16]]
            out.write(json.dumps({"lang": lang, "text": text, "vector": vector}, ensure_ascii=False) + "\n")


def main(folder, data):
    models = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    teacher, parallel = Teacher(folder), Parallel(folder).texts
    own = support(data, os.path.dirname(models))
    counts = collections.Counter(word for text in own for word in words("en", text))
    listed = [word for word, count in counts.most_common() if count >= 2]
    listed += [word for entry in wordfreq.top_n_list("en", 45_000) for word in words("en", entry)]
    listed = list(dict.fromkeys(listed))
    english = English(teacher, list(dict.fromkeys([*sorted(parallel), *own])), listed)
    parts = {"en": english}
    for lang in LANGS:
        translations = {}
        if lang in DICTS:
            frequent = {w for entry in wordfreq.top_n_list(lang, 40_000) for w in words(lang, entry)}
            translations = dictionary(folder, lang, frequent, set(wordfreq.top_n_list("en", 45_000)))
        parts[lang] = Other(lang, english, parallel, translations)
    names = list(parts)
    langs = [(lang, i, 255 if lang == "en" else 0) for i, lang in enumerate(names)]
    keys = [(names.index(lang), *key) for lang, part in parts.items() for key in part.table]
    places = dict(zip(names, np.cumsum([0] + [len(part.table) for part in parts.values()])))
    vectors = pack(models + "/words.bin", langs, keys, np.concatenate([p.vectors for p in parts.values()]).astype(np.float32))
    golden(models + "/golden.jsonl", {lang: part.table for lang, part in parts.items()}, vectors, places)


if __name__ == "__main__":
    main(*sys.argv[1:])
