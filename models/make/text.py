"""Words and pieces of a text, exactly as src/search/words/ sees them."""

import unicodedata

WORD_CHARS = 32
PIECE_CHARS = 20
WORD, PIECE, PAIR = 0, 1, 2


def plain(text):
    """Small letters without the accents of European scripts."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKC", text).lower()
    bare = "".join(c for c in unicodedata.normalize("NFD", lower) if not "\u0300" <= c <= "\u036f")
    bare = unicodedata.normalize("NFC", bare)
    return bare.replace("ß", "ss").replace("œ", "oe").replace("æ", "ae")


def words(lang, text):
    """The words in order; an apostrophe joins, but in French and Italian it parts."""
    out, gap = [], "wide"
    for c in plain(text):
        if not c.isalnum() and unicodedata.category(c)[0] != "M":
            joins = gap == "none" and lang not in ("fr", "it") and c in "'’"
            gap = "apostrophe" if joins else "wide"
            continue
        if gap == "wide":
            out.append([])
        gap = "none"
        if len(out[-1]) < WORD_CHARS:
            out[-1].append(c)
    return ["".join(word) for word in out]


def is_unspaced(c):
    """Whether a script writes its words without spaces between them (Han, kana)."""
    return "\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff"


def split(word, own, beside=()):
    """The keys of a word: whole if known (in its own table, or the one beside), else pieces.

    `own` and `beside` are collections of (kind, text); yields ("own" | "beside", kind, text).
    """
    if (WORD, word) in own:
        return [("own", WORD, word)]
    if (WORD, word) in beside:
        return [("beside", WORD, word)]
    out, at = [], 0
    while at < len(word):
        kind = PIECE if at > 0 and not is_unspaced(word[at]) else WORD
        for end in range(min(len(word), at + PIECE_CHARS), at, -1):
            if (kind, word[at:end]) in own:
                out.append(("own", kind, word[at:end]))
                at = end
                break
        else:
            at += 1
    return out
