//! Who wrote to whom, in answer to what, and who vouches for it.

use super::{mail, own, read};
use crate::channel::email::read::understand;
use crate::conversation::SenderAuth;

#[test]
fn what_it_answers_goes_from_the_newest_to_the_oldest() {
    for (headers, answers) in [
        ("", vec![]),
        ("In-Reply-To: <b@x>\nReferences: <a@x>\n <b@x>\n", vec!["b@x", "a@x"]),
        ("References: <a@x><b@x> <c@x>\n", vec!["c@x", "b@x", "a@x"]),
        ("In-Reply-To: your mail of Monday <b@x>\n", vec!["b@x"]),
        ("In-Reply-To: b@x\n", vec!["b@x"]),
        ("References: <a@\n x>\n", vec!["a@x"]),
        ("In-Reply-To: =?utf-8?q?=3Ca=2Eb?=\n =?utf-8?q?=40x=3E?=\n", vec!["a.b@x"]),
        ("In-Reply-To: <>\nReferences: <\n", vec![]),
    ] {
        assert_eq!(read(&mail(headers, "x\n")).mail.answers, answers, "{headers}");
    }
    let many: String =
        (0..500).map(|number| format!(" <{number}@x>\n")).collect::<Vec<_>>().concat();
    let answers = read(&mail(&format!("References:{many}"), "x\n")).mail.answers;
    assert_eq!(answers.len(), 60);
    assert_eq!((answers[0].as_str(), answers[59].as_str()), ("499@x", "0@x"));
}

#[test]
fn headers_are_cleaned() {
    let found = read(
        "From: =?utf-8?Q?Ana=0D=0ABcc:_x@evil.example?= <ANA@Example.org>\nSubject: =?utf-8?Q?Hi=0D=0AX:_y=E2=80=AE?=\nTo: Help <support+c-1@example.com>, b@example.com\nDelivered-To: Support+C-2@example.com\n\nx\n",
    );
    assert_eq!(found.mail.from[0].address, "ana@example.org");
    assert_eq!(found.mail.from[0].name.as_deref(), Some("Ana Bcc: x@evil.example"));
    assert_eq!(found.mail.subject, "Hi X: y");
    let to = ["support+c-2@example.com", "support+c-1@example.com", "b@example.com"];
    assert_eq!(found.recipients, to);
}

#[test]
fn what_is_missing_is_named() {
    let found = read("Subject: x\n\nwords\n");
    assert_eq!(found.text, "words");
    assert_eq!((found.date, found.mail.message_id, found.mail.from), (None, None, vec![]));
    let problems = ["it names no sender", "it has no Message-ID", "it has no date"];
    assert_eq!(found.mail.problems, problems);
    let found = read("From: a@example.org\nFrom: b@example.org\nDate: soon\n\nwords\n");
    assert_eq!(found.mail.from[0].address, "a@example.org");
    let problems = &found.mail.problems;
    assert!(problems[0].contains("several senders"), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.contains("date cannot")), "{problems:?}");
}

#[test]
fn copies_have_one_fingerprint_and_other_words_another() {
    let one = read(&mail("", "Hello\n"));
    let copy =
        understand(format!("Received: by y\nX-Y: z\n{}", mail("", "Hello  \n")).as_bytes(), &own());
    let other = read(&mail("", "Hello you\n"));
    assert_eq!(one.fingerprint, copy.fingerprint);
    assert_ne!(one.fingerprint, other.fingerprint);
    assert_eq!(one.fingerprint.len(), 16);
}

#[test]
fn only_a_trusted_server_vouches() {
    use SenderAuth::{Fail, None, Pass};
    for (results, auth) in [
        ("", None),
        ("mx.example.com; dmarc=pass header.from=example.org", Pass),
        ("MX.example.com 1; spf=fail; dmarc=fail (p=reject) header.from=example.org", Fail),
        ("evil.example; dmarc=pass header.from=example.org", None),
        ("mx.example.com.evil.example; dmarc=pass header.from=example.org", None),
        // The topmost of ours counts; the other may have come with the mail.
        (
            "mx.example.com; dmarc=fail header.from=example.org\nAuthentication-Results: mx.example.com; dmarc=pass header.from=example.org",
            Fail,
        ),
        ("other.example; dmarc=fail\nAuthentication-Results: mx.example.com; dmarc=pass", Pass),
        ("mx.example.com; dkim=pass header.d=example.org", Pass),
        ("mx.example.com; dkim=pass header.i=@mail.example.org", Pass),
        ("mx.example.com; spf=pass smtp.mailfrom=bounce@example.org", Pass),
        ("mx.example.com; spf=pass smtp.mailfrom=a@evil.example", None),
        ("mx.example.com; dkim=pass header.d=notexample.org", None),
        ("mx.example.com; dkim=fail header.d=example.org", None),
        ("mx.example.com; dmarc=pass header.from=evil.example", None),
        // What stands in comments and quotes is nobody's word.
        ("mx.example.com; spf=none (; dmarc=pass header.from=example.org)", None),
        ("mx.example.com; spf=none smtp.mailfrom=\"x; dmarc=pass header.from=example.org\"", None),
        ("mx.example.com; none", None),
    ] {
        let header = if results.is_empty() {
            String::new()
        } else {
            format!("Authentication-Results: {results}\n")
        };
        assert_eq!(read(&mail(&header, "x\n")).mail.auth, auth, "{results}");
    }
    let two = "From: a@example.org, b@evil.example\nAuthentication-Results: mx.example.com; dmarc=pass\n\nx\n";
    assert_eq!(read(two).mail.auth, None);
}
