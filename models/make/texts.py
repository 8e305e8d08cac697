"""The texts that vectors are fitted on: support questions and answers, texts in parallel, dictionaries."""

import collections
import glob
import gettext
import gzip
import html
import json
import os
import re
import xml.etree.ElementTree as ElementTree

from text import words

LANGS = set("de es fr pt it nl pl ru uk cs sv da hu he ko zh ja".split())
DICTS = {"de": "deu", "es": "spa", "fr": "fra", "pt": "por", "it": "ita", "nl": "nld"}
PACKAGES = "ckan django django_allauth django_helpdesk django_oscar indico mailman pretix wagtail weblate"


def lines(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def sentences(text):
    text = re.sub(r"https?://\S+", " ", re.sub(r"\]\([^)]*\)", "]", text))
    for paragraph in text.split("\n"):
        for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÉÀ¿¡0-9\"])", paragraph.strip(" #*-\t>|")):
            if 3 <= len(part) <= 400:
                yield part


def support(data, repo):
    """English questions and answers: train rows and knowledge of question sets (texts only), and our own."""
    out = []
    for path in glob.glob(f"{data}/*/queries.jsonl") + glob.glob(f"{data}/nlupp/triage.jsonl"):
        if path.split("/")[-2] in ("banking77_oos", "clinc150", "bitext27", "hint3_sofmattress", "nlupp"):
            out += [row["text"] for row in lines(path) if row["split"] == "train"]
    for path in glob.glob(f"{data}/*/kb*.jsonl") + glob.glob(f"{data}/*/ansonly_kb.jsonl"):
        for row in lines(path):
            if row["lang"] == "en":
                out += filter(None, [row["title"], row["question"], *row["alt_questions"]])
                out += sentences(row["answer"] or "")
    for path in glob.glob(f"{repo}/tests/eval/*.jsonl"):
        out += [r["text"] for r in lines(path) if r["split"] == "train" and r["lang"] == "en"]
    for path in glob.glob(f"{repo}/knowledge/en/*.md"):
        with open(path) as file:
            out += sentences(file.read())
    return list(dict.fromkeys(out))


class Parallel:
    """English texts with their translations, out of message catalogues and manuals."""

    def __init__(self, folder):
        self.texts = collections.defaultdict(dict)
        for root in sorted(glob.glob(f"{folder}/deb/tryton-modules-*")) + [
            f"{folder}/pip/{name}" for name in PACKAGES.split()
        ]:
            self.catalogues(root)
        self.wordpress(f"{folder}/deb/wordpress-l10n")
        self.mediawiki(f"{folder}/deb/mediawiki")
        self.gnome(f"{folder}/deb/gnome-user-docs/usr/share/help")

    def add(self, english, lang, text):
        english, text = clean(english), clean(text)
        usable = all(2 <= len(t) <= 160 and re.search(r"\w\w", t) for t in (english, text))
        if usable and english != text and lang in LANGS:
            self.texts[english].setdefault(lang, text)

    def catalogues(self, root):
        for path in sorted(glob.glob(root + "/**/*.[pm]o", recursive=True)):
            place = re.search(r"/(?:locale|translations|i18n|languages)/([A-Za-z_-]+)/LC_MESSAGES/", path)
            lang = language(place.group(1) if place else os.path.basename(path)[:-3])
            if lang in LANGS and (path.endswith(".po") or not os.path.exists(path[:-3] + ".po")):
                for english, text in po(path) if path.endswith(".po") else mo(path):
                    self.add(english, lang, text)

    def wordpress(self, root):
        for path in sorted(glob.glob(root + "/**/*.mo", recursive=True)):
            code = re.search(r"([a-z]{2}(?:_[A-Z]{2})?)(?:_formal)?\.mo$", path)
            if code and language(code.group(1)) in LANGS and "continents" not in path:
                for english, text in mo(path):
                    self.add(english, language(code.group(1)), text)

    def mediawiki(self, root):
        for path in sorted(glob.glob(root + "/**/i18n/**/en.json", recursive=True)):
            with open(path) as file:
                english = json.load(file)
            for other in sorted(glob.glob(os.path.dirname(path) + "/*.json")):
                code = os.path.basename(other)[:-5]
                lang = {"zh-hans": "zh", "pt-br": "pt"}.get(code, code)
                if lang in LANGS:
                    with open(other) as file:
                        for key, text in json.load(file).items():
                            if isinstance(text, str) and isinstance(english.get(key), str):
                                self.add(english[key], lang, text)

    def gnome(self, root):
        for path in sorted(glob.glob(root + "/C/**/*.page", recursive=True)):
            english = mallard(path)
            for folder in sorted(glob.glob(root + "/*")):
                other = path.replace("/help/C/", f"/help/{os.path.basename(folder)}/")
                lang = language(os.path.basename(folder))
                if lang in LANGS and os.path.exists(other):
                    texts = mallard(other)
                    if [tag for tag, _ in english] == [tag for tag, _ in texts]:
                        for (_, one), (_, two) in zip(english, texts):
                            self.add(one, lang, two)


def clean(text):
    """Without markup and placeholders."""
    text = re.sub(r"<[^>]+>", " ", html.unescape(text))
    holes = r"%\(?\w*\)?[sd]|%\d*\$?[sd]|\{+[^}]*\}+|\$\w+|\[\[[^\]|]*\||\[\[|\]\]|'''|&(\w)|_(?=\w)"
    return re.sub(r"\s+", " ", re.sub(holes, " ", text)).strip(" .:…-*#")


def language(code):
    match = re.fullmatch(r"([a-z]{2})(?:[_-]([A-Za-z]+))?", code)
    if not match or code.lower() in ("zh_tw", "zh_hk", "zh_hant", "zh-hant", "zh-tw"):
        return None
    return match.group(1)


def mo(path):
    with open(path, "rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    for key, text in catalogue.items():
        key = key[0] if isinstance(key, tuple) else key
        if key and isinstance(text, str):
            yield key.split("\x04")[-1], text


def po(path):
    """(English, translation) pairs that are not marked fuzzy; of plurals the singular."""
    with open(path, encoding="utf8", errors="replace") as file:
        blocks = re.split(r"\n\s*\n", file.read())
    for block in blocks:
        if re.search(r"^#,.*fuzzy", block, re.M):
            continue
        found = {}
        for key, text in re.findall(r'^(msgid|msgstr(?:\[0\])?) ((?:"[^\n]*"\s*)+)', block, re.M):
            pieces = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
            found[key[:5]] = re.sub(r"\\(.)", lambda m: " " if m[1] in "nt" else m[1], "".join(pieces))
        if found.get("msgid") and found.get("msgst"):
            yield found["msgid"], found["msgst"]


def mallard(path):
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError:
        return []
    tags = ((e.tag.split("}")[-1], e) for e in root.iter() if isinstance(e.tag, str))
    return [(t, " ".join("".join(e.itertext()).split())) for t, e in tags if t in ("p", "title", "desc")]


def dictionary(folder, lang, frequent, english):
    """{word: translations, each a list of English words}, for frequent words."""
    out, other = collections.defaultdict(list), DICTS[lang]
    for one, two in ((other, "eng"), ("eng", other)):
        path = f"{folder}/deb/dict-freedict-{one}-{two}/usr/share/dictd/freedict-{one}-{two}.dict.dz"
        for head, text in entries(path):
            head, text = (head, text) if two == "eng" else (text, head)
            word, translation = words(lang, head), words("en", re.sub(r"^to ", "", text))
            usable = len(word) == 1 and word[0] in frequent and 1 <= len(translation) <= 3
            if usable and all(w in english for w in translation):
                known = out[word[0]]
                if translation not in known and len(known) < 8:
                    known.append(translation)
    return out


def entries(path):
    head = None
    with gzip.open(path, "rt", encoding="utf8", errors="replace") as file:
        for line in file:
            match = re.match(r"(\S.*?) /[^/]*/", line)
            if match:
                head = match.group(1)
            elif not line.strip():
                head = None
            elif head and not re.match(r"\s*(see:|Synonym|Note|\[|\")", line):
                line = re.sub(r"<[^>]*>|\[[^\]]*\]|\([^)]*\)|/[^/]*/|^\s*\d+\.|\{[^}]*\}", "", line)
                for text in re.split(r"[,;]", line):
                    if 0 < len(text.strip()) < 40:
                        yield head, text.strip()
