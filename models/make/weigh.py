"""Fits the weights that order entries (fusion.json) and the coefficients of the confidence (confidence.json).

    weigh.py fusion ROWS…        prints fusion.json
    weigh.py confidence ROWS…    prints confidence.json

ROWS are files of `sureply eval … --rows`, as rows.sh makes them. Each set of each file counts alike, however
many rows it has. What a weight is worth on sets it was not fitted on goes to standard error.
"""

import json
import sys
from collections import defaultdict

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

MOST = 1500  # rows of one set
RANKERS = ["bm25", "together", "words", "words_lift", "encoder", "encoder_lift"]
COMPANIES = {
    "bm25": ["bm25", "together"],
    "words": ["bm25", "together", "words", "words_lift"],
    "encoder": ["bm25", "together", "encoder", "encoder_lift"],
    "both": RANKERS,
}
# What an entry in another language loses, so that one in the customer's own comes first where both would do.
FOREIGN = {"bm25": -0.5, "words": -2.0, "encoder": -1.0, "both": -2.0}
# Questions in these languages have weights of their own, held to the common ones (mostly of English sets) this strongly.
LANGS, HELD = ["de", "es"], 3.0
# The columns of the shipped confidence: those that hold on sets they were not fitted on.
COLUMNS = {
    "words": ["words_present", "words_share", "words_close", "likeness"],
    "encoder": ["encoder_present", "encoder_share", "encoder_close"],
}
SHARED = ["length"]
# What such sets cannot tell.
BY_HAND = {"grounded": 3.0, "answerable": 3.0, "same_language": 0.75, "bare_share": 2.77}


def read(files):
    """The rows of each set of each file; an evenly spread part of the large ones."""
    sets = defaultdict(list)
    for file in files:
        for line in open(file, encoding="utf-8"):
            row = json.loads(line)
            sets[f"{row['dataset']} ({file.rsplit('/')[-1]})"].append(row)
    return {name: rows[:: max(1, len(rows) // MOST)] for name, rows in sets.items()}


def questions(rows, columns):
    """For each question with an answer among its candidates: their numbers, and which answer."""
    for row in rows:
        own = [one for one in row["candidates"] if one["question"] == 0]
        right = np.array([one["right"] for one in own], bool)
        if right.any() and not right.all():
            # As fuse.rs: words that two languages share say half as much.
            told = lambda one, name: 0.5 if one["foreign"] and name in ("bm25", "together") else 1.0
            numbers = [[told(one, name) * (one.get(name) or 0.0) for name in columns] for one in own]
            yield np.array(numbers), right, np.array([one["foreign"] for one in own], float)


def conditional_logit(sets, foreign, start, held):
    """Weights under which the answering entries hold the most belief, each set counting alike."""

    def loss(weights):
        total, slope = held * ((weights - start) ** 2).sum(), 2 * held * (weights - start)
        for cases in sets:
            for numbers, right, is_foreign in cases:
                score = numbers @ weights + foreign * is_foreign
                belief = np.exp(score - score.max())
                belief /= belief.sum()
                held_by_right = belief[right].sum() + 1e-12
                total -= np.log(held_by_right) / len(cases)
                slope -= numbers.T @ (np.where(right, belief / held_by_right, 0) - belief) / len(cases)
        return total, slope

    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def first(cases, weights, foreign):
    """The share of questions whose first entry answers."""
    hits = [right[np.argmax(numbers @ weights + foreign * is_foreign)] for numbers, right, is_foreign in cases]
    return 100 * float(np.mean(hits))


def has_encoder(rows):
    return any("encoder" in one and one["encoder"] is not None for row in rows[:50] for one in row["candidates"])


def fusion(sets):
    def company(name):
        columns = COMPANIES[name]
        fitting = {k: v for k, v in sets.items() if has_encoder(v) == ("encoder" in columns)}
        cases = {key: list(questions(rows, columns)) for key, rows in fitting.items()}
        zero = np.zeros(len(columns))
        weights = conditional_logit(cases.values(), FOREIGN[name], zero, 1e-3)
        for key, own in cases.items():
            origin = key.split(" ")[0]
            others = [cases for other, cases in cases.items() if other.split(" ")[0] != origin]
            unseen = conditional_logit(others, FOREIGN[name], zero, 1e-3)
            print(f"{name:8} {key:40} first {first(own, weights, FOREIGN[name]):.1f}"
                  f"  fitted without it {first(own, unseen, FOREIGN[name]):.1f}", file=sys.stderr)
        return weights, fitting

    def told(name, weights):
        one = {ranker: 0.0 for ranker in RANKERS} | dict(zip(COMPANIES[name], weights.round(2).tolist()))
        return one | {"foreign": FOREIGN[name]}

    fitted = {name: company(name) for name in COMPANIES}
    file = {name: told(name, weights) for name, (weights, _) in fitted.items()}
    weights, fitting = fitted["words"]
    file["langs"] = {}
    own = [row for key, rows in fitting.items() if key.startswith(("eval ", "plain ")) for row in rows]
    for lang in LANGS:
        cases = list(questions([row for row in own if row["lang"] == lang], COMPANIES["words"]))
        # Held by so many questions' worth of belief in the common weights.
        special = conditional_logit([cases], FOREIGN["words"], weights, HELD / len(cases))
        print(f"{lang}: {len(cases)} questions, first {first(cases, weights, FOREIGN['words']):.1f} by the common"
              f" weights, {first(cases, special, FOREIGN['words']):.1f} by its own", file=sys.stderr)
        file["langs"][lang] = told("words", special)
    return file


def table(rows, columns):
    number = lambda row, name: row["scores"].get(f"feature.{name}", 0.0)
    return np.array([[number(row, name) for name in columns] for row in rows])


def logistic(parts, columns):
    """Coefficients and intercept of a logistic model; each part counts alike."""
    numbers = np.vstack([table(rows, columns) for rows in parts])
    right = np.concatenate([[row["right"] for row in rows] for rows in parts])
    weight = np.concatenate([np.full(len(rows), 500 / len(rows)) for rows in parts])
    middle, spread = numbers.mean(0), numbers.std(0) + 1e-9
    model = LogisticRegression(max_iter=5000).fit((numbers - middle) / spread, right, sample_weight=weight)
    slopes = model.coef_[0] / spread
    return slopes, float(model.intercept_[0] - (slopes * middle).sum())


def resolved(rows, confidence, purity=0.95):
    """The share of answerable questions answered rightly where `purity` of the answered are right."""
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(np.array([rows[place]["right"] for place in order]))
    kept = right[right >= purity * np.arange(1, len(order) + 1)]
    return 100 * (kept.max() if len(kept) else 0) / max(1, sum(row["answerable"] for row in rows))


def confidence(sets):
    # The presence of a company is its intercept, so that only one of several is the common one.
    columns = COLUMNS["words"] + COLUMNS["encoder"] + SHARED
    # What triage takes for something else than a question is never answered.
    asks = lambda row: row["entry"] and row["intent"] == "question"
    sets = {key: [row for row in rows if asks(row)] for key, rows in sets.items()}
    slopes, intercept = logistic(list(sets.values()), columns)
    for key, rows in sets.items():
        origin = key.split(" ")[0]
        others = [rows for other, rows in sets.items() if other.split(" ")[0] != origin]
        unseen = logistic(others, columns)
        figure = lambda model: resolved(rows, table(rows, columns) @ model[0] + model[1])
        print(f"{key:40} resolved at 95 % {figure((slopes, intercept)):.1f}"
              f"  fitted without it {figure(unseen):.1f}", file=sys.stderr)
    weights = dict(zip(columns, slopes.round(3).tolist())) | BY_HAND
    # A verbatim answer of one's own language has all three of these.
    given = BY_HAND["grounded"] + BY_HAND["answerable"] + BY_HAND["same_language"]
    return {"version": "shipped-3", "intercept": round(intercept - given, 3), "weights": dict(sorted(weights.items()))}


def write(file):
    """JSON with one line for each set of numbers."""
    flat = lambda value: not isinstance(value, dict) or not any(isinstance(one, dict) for one in value.values())
    inner = lambda value: json.dumps(value) if flat(value) else write(value)
    lines = [f'"{key}": {inner(value)}' for key, value in file.items()]
    return "{\n  " + ",\n".join(lines).replace("\n", "\n  ") + "\n}"


if __name__ == "__main__":
    what = {"fusion": fusion, "confidence": confidence}[sys.argv[1]]
    print(write(what(read(sys.argv[2:]))))
