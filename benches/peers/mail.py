"""New words of mails side by side: ours and every reply parser that is installed, on the same rows.

`cargo bench --bench mail` writes ours to target/tmp/mail and runs this; alone:
`python benches/peers/mail.py ../shared/data/email target/tmp/mail`. Versions for Python are pinned in
requirements.txt, those for Node and Ruby are named in mail.mjs and mail.rb. What cannot be had is left out by name.

The reply trimmer's set says what is to come out of each mail; texts are compared as its own tests do, without space
around them. The other two sets hold no such files: there, what their own library makes of a mail is what is
compared with.
"""

import email
import email.policy
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
SETS = {"trimmer": "email_reply_trimmer/emails", "github": "github-email_reply_parser", "zapier": "zapier-email-reply-parser"}
OWNERS = {"github": "email_reply_parser (Ruby)", "zapier": "email-reply-parser (PyPI)"}
SECONDS = 1.0


def read(path):
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").strip()


def rows(data):
    """Every row: its set, its file's name, its text."""
    found = []
    for name, folder in SETS.items():
        files = sorted((data / folder).glob("*.txt"))
        found += [{"set": name, "name": file.name, "text": read(file)} for file in files]
    return found


def mail_parser_reply():
    from mailparser_reply import EmailReplyParser

    languages = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
    return lambda text: EmailReplyParser(languages=languages).read(text).latest_reply


def email_reply_parser():
    from email_reply_parser import EmailReplyParser

    return EmailReplyParser.parse_reply


def talon():
    from talon import quotations

    return quotations.extract_from_plain


def talon_with_signatures():
    from talon import quotations
    from talon.signature.bruteforce import extract_signature

    return lambda text: extract_signature(quotations.extract_from_plain(text))[0]


def quotequail():
    import quotequail

    return lambda text: "\n".join(part for is_new, part in quotequail.quote(text) if is_new)


def unquotemail():
    from unquotemail import Unquote

    def new_words(text):
        unquote = Unquote(None, text)
        unquote.unquote() if hasattr(unquote, "unquote") else unquote.parse()
        return unquote.get_text() or ""

    return new_words


PYTHON = {
    "mail-parser-reply (PyPI)": mail_parser_reply,
    "email-reply-parser (PyPI)": email_reply_parser,
    "talon (PyPI)": talon,
    "talon with signatures (PyPI)": talon_with_signatures,
    "quotequail (PyPI)": quotequail,
    "unquotemail (PyPI)": unquotemail,
}


def measured(new_words, texts):
    """What comes out of each text, and how many are done in a second."""
    answers = []
    for text in texts:
        try:
            answers.append(new_words(text) or "")
        except Exception as error:  # a library that fails on a mail has not got it right
            answers.append(f"failed: {error}")
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        for text in texts:
            try:
                new_words(text)
            except Exception:
                pass
            count += 1
    return answers, count / (time.perf_counter() - start)


def python_peers(texts):
    for name, peer in PYTHON.items():
        try:
            new_words = peer()
        except ImportError as error:
            print(f"left out: {name}: {error}")
            continue
        yield name, *measured(new_words, texts)


def other_peers(texts):
    """Those of Node and Ruby: rows go in as JSON, and each library's answers come out as a line."""
    for program, script in [("node", "mail.mjs"), ("ruby", "mail.rb")]:
        if not shutil.which(program):
            print(f"left out: {program} is not installed")
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(texts, file)
            file.flush()
            command = [program, str(HERE / script), file.name]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        for line in done.stdout.splitlines():
            peer = json.loads(line)
            if "missing" in peer:
                print(f"left out: {peer['missing']}")
            else:
                if peer.get("endless"):
                    print(f"{peer['name']}: {peer['endless']} rows take over 2 s each and are left out of its speed")
                yield peer["name"], peer["answers"], peer["rate"]
        if done.returncode:
            print(f"left out: {script} ended with {done.stderr.strip()[-200:]}")


def ours(folder, all_rows):
    file = folder / "ours.jsonl"
    if not file.is_file():
        print(f"left out: ours; {file} is missing, which `cargo bench --bench mail` writes")
        return
    kept = {}
    rate = 0
    for line in file.read_text().splitlines():
        row = json.loads(line)
        if "rate" in row:
            rate = row["rate"]
        else:
            kept[row["set"], row["name"]] = row["kept"]
    yield "sureply", [kept.get((row["set"], row["name"]), "") for row in all_rows], rate


def compare(data, folder):
    all_rows = rows(data)
    texts = [row["text"] for row in all_rows]
    peers = [*ours(folder, all_rows), *python_peers(texts), *other_peers(texts)]
    by_name = {name: answers for name, answers, _ in peers}
    wanted = {"trimmer": {row["name"]: read(data / "email_reply_trimmer/trimmed" / row["name"]) for row in all_rows if row["set"] == "trimmer"}}
    for owned, owner in OWNERS.items():
        if owner in by_name:
            pairs = zip(all_rows, by_name[owner])
            wanted[owned] = {row["name"]: answer.strip() for row, answer in pairs if row["set"] == owned}
    heads = [f"{name} of {len(wanted[name])}" for name in wanted]
    print(f"\n{'exact':<32}" + "".join(f"{head:>16}" for head in heads) + f"{'mails/s':>12}")
    for name, answers, rate in peers:
        counts = dict.fromkeys(wanted, 0)
        for row, answer in zip(all_rows, answers):
            if row["set"] in wanted:
                counts[row["set"]] += answer.replace("\r\n", "\n").strip() == wanted[row["set"]][row["name"]]
        print(f"{name:<32}" + "".join(f"{count:>16}" for count in counts.values()) + f"{rate:>12.0f}")
    print("(github, zapier: as their own library has it, not as a person would)")


def parse_and_strip(data, folder):
    """How many mails a second Python's own parser takes together with a reply parser."""
    try:
        new_words = email_reply_parser()
    except ImportError as error:
        print(f"left out: Python's email with a reply parser: {error}")
        return
    mails = [path.read_bytes() for path in map(pathlib.Path, (folder / "corpus.txt").read_text().splitlines())]
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < 2 * SECONDS:
        for raw in mails:
            try:
                body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain", "html"))
                new_words(body.get_content() if body else "")
            except Exception:
                pass
            count += 1
    print(f"Python's email and email-reply-parser over the corpus: {count / (time.perf_counter() - start):.0f} mails/s")


if __name__ == "__main__":
    data, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    compare(data, folder)
    if (folder / "corpus.txt").is_file():
        parse_and_strip(data, folder)
