"""Writes docs/evaluation.md from the JSON lines that evaluation.sh made.

    python3 benches/evaluation.py OUT > docs/evaluation.md
"""

import json
import pathlib
import sys

CONFIGS = {
    "D": "the program as it is built",
    "D+t": "with the training questions learned as approved wordings",
    "E": "with a sentence encoder for English (all-MiniLM-L6-v2, int8)",
    "E+t": "with both",
    "M": "with a sentence encoder for many languages (multilingual-e5-small, behind an endpoint)",
    "threads": "follow-ups in threads, as built",
}
# Resolved at 95 %: what plain parts reach (BM25, MiniLM, a logistic confidence), and what was aimed at.
RESOLVED = {
    "banking77_oos": {"D": (29, 35), "D+t": (54, 64), "E": (37, 48), "E+t": (71, 78)},
    "clinc150": {"D": (51, 57), "D+t": (68, 76), "E": (59, 66), "E+t": (78, 84)},
    "stackfaq": {"D": (48, 58), "E": (87, 90)},
    "bitext27": {"D": (63, 78), "D+t": (99, 99), "E": (74, 84), "E+t": (99, 99)},
    "hint3_sofmattress": {"D": (25, 30), "E": (38, 42)},
}
FIRST = {
    "banking77_oos": {"D": 79, "E": 84},
    "clinc150": {"D": 79, "E": 85},
    "stackfaq": {"D": 82, "E": 97},
    "bitext27": {"D": 88, "E": 90},
    "hint3_sofmattress": {"D": 72, "E": 79},
    "deepset_faq_en": {"D": 78, "E": 88},
    "deepset_faq_de": {"D": 32, "E": 45, "M": 45},
    "letsencrypt_faq": {"D": 60, "M": 97},
    "logingov_help": {"D": 60, "M": 97},
    "letsencrypt_faq/ansonly": {"D": 50, "M": 60},
    "logingov_help/ansonly": {"D": 50, "M": 60},
    "dstc11_t5": {"threads": 50},
}
COLUMNS = ["n", "answerable", "acc1", "acc5", "mrr", "auroc_answerable", "auroc_right", "resolved_at_90",
           "resolved_at_95", "resolved_at_98", "coverage_at_95", "aurc", "seconds"]

SHORT = """
## Where it falls short

- **banking77** has thousands of questions beside its topics that read like them. As shipped the confidence does not part them well
  (raw leads and lifts would, but weights of them do not carry over to other knowledge, so only a refit has them). Tried: products of
  closeness and lead, without gain on sets that were not fitted on.
- **stackfaq, E**: the encoder alone comes to 94.8 % first here, not to the 97 % of the baseline; why was not found out.
- **hint3** has 121 answerable questions with noisy labels: one wrong answer among the surest moves a figure by several points, and
  five folds of it are too few to refit on.
- **deepset_faq_de and ansonly**: entries whose answers alone are to be found (no question, or another one). Vectors of whole passages say
  little of them, BM25 is the better ranker, and one order for all entries gives up to two questions in a hundred to the vectors.
- **Languages**: weights of their own (German, Spanish) gained nothing that can be told from chance on some 85 questions each.
"""


def read(folder):
    found = {}
    for name in CONFIGS:
        file = pathlib.Path(folder, f"{name}.json")
        if file.exists():
            lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            found[name] = {}
            for line in lines:
                found[name].setdefault(line["dataset"], []).append(line)
    return found


def percent(value):
    return "–" if value is None else f"{100 * value:.1f}"


def cell(column, value):
    if column in ("n", "answerable"):
        return str(value)
    return "–" if value is None else f"{value:.1f}" if column == "seconds" else f"{100 * value:.1f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def mark(value, goal):
    return f"**{value}**" if float(value) >= goal else value


def goals(found):
    resolved, first = [], []
    for dataset, of in RESOLVED.items():
        for config, (baseline, goal) in of.items():
            lines = found.get(config, {}).get(dataset)
            if lines:
                own, *others = lines
                again = next((line for line in others if line["config"].endswith("/refit")), None)
                values = [percent(one["resolved_at_95"]) if one else "–" for one in (own, again)]
                shown = [value if value == "–" else mark(value, goal) for value in values]
                resolved.append([dataset, config, str(baseline), str(goal), *shown])
    for dataset, of in FIRST.items():
        for config, goal in of.items():
            lines = found.get(config, {}).get(dataset)
            if lines:
                bm25 = next((percent(line["acc1"]) for line in lines if line["config"].startswith("bm25")), "–")
                first.append([dataset, config, bm25, str(goal), mark(percent(lines[0]["acc1"]), goal)])
    return resolved, first


def bound(found):
    rows = []
    for config in ("D+t", "E+t"):
        for dataset in ("clinc150", "banking77_oos"):
            lines = found.get(config, {}).get(dataset)
            tried = (lines[0].get("bound") or {}) if lines else {}
            for trial in tried.get("trials", []):
                rows.append([dataset, config, percent(trial["alpha"]), trial["rule"], percent(trial["coverage"]),
                             percent(trial["risk"]), percent(trial["broken"])])
    return rows


def main():
    found = read(sys.argv[1])
    resolved, first = goals(found)
    print("# Evaluation\n")
    print("Measured on the `dev` rows of public question sets, in % unless it says otherwise. No `dev` row was used to fit"
          "\nwhat is shipped; *refit* fits on other `dev` rows than it judges. *Baseline*: what plain parts put together reach (BM25,"
          "\nMiniLM in E, a logistic confidence fitted to the set); *goal*: what was aimed at before. The command, from the project's folder (`--json` lines go to OUT, this page is made from them):\n")
    print("    benches/evaluation.sh DATA OUT ENCODER ENDPOINT.toml\n")
    print("A single set: `sureply eval DATA/clinc150 --json [--learn-train] [--embedding DIR] [--rows FILE]`; with the rows"
          "\nanybody can compute the figures again.\n")
    for name, what in CONFIGS.items():
        if name in found:
            print(f"- **{name}**: {what}")
    print("\n*Resolved at 95 %*: the share of answerable questions that are answered and right where the threshold is set so"
          "\nthat 95 % of the answered are right, chosen on the same rows. *Refit*: the confidence fitted anew to the set, each"
          "\nfifth by a model that saw only the other four, as the baseline's is; a business comes to that with its own verdicts."
          "\nWhat reaches its goal is bold.\n")
    print("## Resolved at 95 %\n")
    print(table(["set", "config", "baseline", "goal", "as shipped", "refit"], resolved))
    print("\n## First entry right\n")
    print(table(["set", "config", "BM25 alone", "goal", "Sureply"], first))
    print(SHORT.rstrip())
    print("\n## The bound\n")
    print("The set stands for all turns to come; 500 samples of half its size are drawn from it with replacement, δ = 10 %."
          "\n*Broken*: the share of samples whose threshold has a true risk above α. A threshold without a bound, fixed or tuned"
          "\non the same sample, breaks α as often as it happens to.\n")
    print(table(["set", "config", "α", "rule", "answered", "true risk", "broken"], bound(found)))
    for name in found:
        print(f"\n## {name}: every configuration\n")
        rows = []
        for lines in found[name].values():
            for line in lines:
                rows.append([line["dataset"], line["config"], *(cell(column, line[column]) for column in COLUMNS)])
        print(table(["set", "config", *(column.replace("_", " ") for column in COLUMNS)], rows))
    print("\n`coverage at 95`: the share of all questions that is answered at that threshold. `aurc`: the area under risk over"
          "\ncoverage, less is better. `seconds`: reading, indexing and answering the whole set.")


main()
