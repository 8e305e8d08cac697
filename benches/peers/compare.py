"""Search speed side by side: ours, bm25s and tantivy from Python, over the same entries and questions.

Run `cargo bench --bench search` first, which leaves both in target/tmp/peers, then
`python benches/peers/compare.py`. Versions are pinned in requirements.txt; where they cannot be had
the comparison is skipped with a notice.
"""

import json
import pathlib
import sys
import time

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/tmp/peers")
ROUNDS = 5


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def text(entry):
    parts = [entry["question"], *entry["ways"], entry["title"], entry["answer"]]
    return " ".join(parts)


def timed(ask, questions):
    """The fastest of some rounds for each question, in milliseconds."""
    times = []
    for question in questions:
        best = float("inf")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            ask(question)
            best = min(best, time.perf_counter() - start)
        times.append(best * 1000)
    return times


def bm25s_peer(texts):
    import bm25s

    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

    def ask(question):
        tokens = bm25s.tokenize([question], show_progress=False)
        retriever.retrieve(tokens, k=10, show_progress=False, n_threads=1)

    return ask


def tantivy_peer(texts):
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for entry in texts:
        writer.add_document(tantivy.Document(text=entry))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question):
        query = index.parse_query(question, ["text"])
        for _, address in searcher.search(query, 10).hits:
            searcher.doc(address)

    return ask


def report(name, times):
    times = sorted(times)
    at = lambda share: times[(len(times) - 1) * share // 100]
    print(f"  {name:<24} p50 {at(50):8.3f} ms   p95 {at(95):8.3f} ms")


def main():
    if not FOLDER.is_dir():
        sys.exit(f"{FOLDER} is missing; run `cargo bench --bench search` first")
    for folder in sorted(FOLDER.iterdir(), key=lambda folder: int(folder.name)):
        texts = [text(entry) for entry in read(folder / "entries.jsonl")]
        asked = read(folder / "questions.jsonl")
        print(f"{len(texts)} entries, {len(asked)} questions")
        report("sureply, hybrid", [question["seconds"] * 1000 for question in asked])
        for name, peer in [("bm25s", bm25s_peer), ("tantivy from Python", tantivy_peer)]:
            try:
                ask = peer(texts)
            except ImportError as error:
                print(f"  {name:<24} skipped: {error}; see benches/peers/requirements.txt")
                continue
            report(name, timed(ask, [question["text"] for question in asked]))


if __name__ == "__main__":
    main()
