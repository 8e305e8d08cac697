//! HTML as mail programs write it, and as those do who hide something in it.

use super::read;
use crate::conversation::RemovedKind;

#[test]
fn hidden_words_are_taken_out() {
    for (name, hidden) in [
        ("display", r#"<div style="display:none">EVIL</div>"#),
        ("display, loud", r#"<div style="DISPLAY : None !important">EVIL</div>"#),
        ("visibility", r#"<span style="visibility:hidden">EVIL</span>"#),
        ("no size", r#"<span style="font-size:0">EVIL</span>"#),
        ("tiny", r#"<span style="font-size:1px;line-height:1px">EVIL</span>"#),
        ("white on white", r#"<span style="color:#ffffff">EVIL</span>"#),
        ("nearly white", r#"<span style="color: rgb(250, 251, 252)">EVIL</span>"#),
        ("on its own ground", r#"<div style="background:#123456;color:#123457">EVIL</div>"#),
        ("old white", r##"<font color="#FFF">EVIL</font>"##),
        (
            "old ground",
            r#"<table><tr><td bgcolor="black"><font color="black">EVIL</font></td></tr></table>"#,
        ),
        ("see-through", r#"<p style="opacity:0">EVIL</p>"#),
        ("clear", r#"<p style="color:transparent">EVIL</p>"#),
        ("clear by four", r#"<p style="color:rgba(0,0,0,0)">EVIL</p>"#),
        ("off the page", r#"<div style="position:absolute;left:-9999px">EVIL</div>"#),
        ("indented away", r#"<div style="text-indent:-9999px">EVIL</div>"#),
        ("flat", r#"<div style="height:0;overflow:hidden">EVIL</div>"#),
        ("narrow", r#"<div style="max-width:0px;max-height:0px;overflow:hidden">EVIL</div>"#),
        ("cut away", r#"<div style="position:absolute;clip:rect(0,0,0,0)">EVIL</div>"#),
        ("by attribute", r"<div hidden>EVIL</div>"),
        ("for Outlook", r#"<div style="mso-hide:all">EVIL</div>"#),
        ("by class", r#"<style>.x{display:none}</style><div class="a x">EVIL</div>"#),
        ("by id", r#"<style>@import url(y); #y { font-size: 0px }</style><div id="y">EVIL</div>"#),
        ("by tag", r"<style>/* c */ i,u{visibility:hidden}</style><u>EVIL</u>"),
        ("inside", r#"<div style="display:none"><b>EV<i>IL</i></b></div>"#),
        ("template", r"<template>EVIL</template>"),
    ] {
        let found = read(&format!("<p>Hello</p>{hidden}<p>there</p>"), false);
        assert!(!found.text.contains("EV"), "{name}: {:?}", found.text);
        assert!(
            found.text.contains("Hello") && found.text.contains("there"),
            "{name}: {:?}",
            found.text
        );
        let hidden = found.removed.iter().find(|removed| removed.kind == RemovedKind::Hidden);
        assert_eq!(hidden.map(|removed| removed.text.as_str()), Some("EVIL"), "{name}");
    }
}

#[test]
fn what_shows_stays() {
    for shown in [
        r#"<div style="display:block">WORDS</div>"#,
        r#"<td style="font-size:0"><span style="font-size:14px">WORDS</span></td>"#,
        r#"<div style="background:#000"><span style="color:#fff">WORDS</span></div>"#,
        r#"<div style="background:url(x.png)"><span style="color:#fff">WORDS</span></div>"#,
        r#"<div style="visibility:hidden"><b style="visibility:visible">WORDS</b></div>"#,
        r#"<div style="height:0">WORDS</div>"#,
        r#"<div style="color:#333;font:12px/1.5 Arial">WORDS</div>"#,
        r#"<div style="width:100%;overflow:hidden">WORDS</div>"#,
        r#"<div style="background:transparent;color:black">WORDS</div>"#,
        r#"<p style="display:none">x<div>WORDS</div>"#,
        r#"<style>@media print{.x{display:none}}</style><p class="x">WORDS</p>"#,
        r"<noscript>WORDS</noscript>",
        r"<textarea>WORDS</textarea>",
    ] {
        assert!(read(shown, false).text.contains("WORDS"), "{shown}");
    }
}

#[test]
fn quotations_are_known_by_their_marks() {
    for (program, html) in [
        (
            "Gmail",
            r#"<div>NEW</div><div class="gmail_quote"><div class="gmail_attr">On Monday Bo wrote:</div><blockquote class="gmail_quote">OLD</blockquote></div>"#,
        ),
        (
            "Thunderbird",
            r#"<p>NEW</p><div class="moz-cite-prefix">Bo wrote:</div><blockquote type="cite">OLD</blockquote>"#,
        ),
        (
            "Apple",
            r#"<div>NEW</div><div><blockquote type="cite"><div>OLD</div></blockquote></div>"#,
        ),
        (
            "Yahoo",
            r#"<div>NEW</div><div class="yahoo_quoted"><div>On Monday Bo wrote:</div><div>OLD</div></div>"#,
        ),
        (
            "Proton",
            r#"<div>NEW</div><div class="protonmail_quote">Bo:<br><blockquote class="protonmail_quote" type="cite">OLD</blockquote></div>"#,
        ),
        (
            "Outlook",
            r#"<div>NEW</div><hr><div id="divRplyFwdMsg"><b>From:</b> Bo</div><div>OLD</div>"#,
        ),
        (
            "Outlook on the web",
            r#"<div>NEW</div><div id="appendonsend"></div><div id="x_divRplyFwdMsg">From: Bo</div><p>OLD</p>"#,
        ),
        (
            "new Outlook",
            r#"<div>NEW</div><div id="mail-editor-reference-message-container"><div>OLD</div></div>"#,
        ),
        ("Zimbra", r#"<div>NEW</div><hr id="zwchr" data-marker="__DIVIDER__"><div>OLD</div>"#),
    ] {
        let found = read(html, false);
        assert_eq!(found.text, "NEW", "{program}: {found:?}");
        assert!(found.full.contains("OLD"), "{program}");
        let quotes: String = found
            .removed
            .iter()
            .filter(|removed| removed.kind == RemovedKind::Quote)
            .map(|removed| removed.text.as_str())
            .collect();
        assert!(quotes.contains("OLD"), "{program}: {:?}", found.removed);
        // Who passes a mail on wants it to be read.
        assert!(read(html, true).text.contains("OLD"), "{program}");
    }
}

#[test]
fn answers_between_quotations_keep_what_they_answer() {
    let html = r#"<blockquote type="cite">Which size?</blockquote><p>42</p><blockquote type="cite">Which colour?</blockquote><p>Blue</p>"#;
    let found = read(html, false);
    assert_eq!(found.text.replace("\n\n", "\n"), "> Which size?\n42\n> Which colour?\nBlue");
    assert_eq!(found.removed, vec![]);
    let below = r#"<blockquote type="cite">Which size?</blockquote><p>42</p>"#;
    assert_eq!(read(below, false).text, "42");
    let within = r#"<p>See below</p><div class="gmail_quote">Bo wrote:<blockquote>Which size?</blockquote>42<blockquote>Which colour?</blockquote></div>"#;
    let found = read(within, false).text;
    assert!(found.contains("42") && found.contains("> Which size?"), "{found}");
}

#[test]
fn forwards_in_a_box_are_words() {
    let html = r#"<div>Please see</div><div class="gmail_quote">---------- Forwarded message ---------<br>From: Bo<br>The cup broke.</div>"#;
    let text = read(html, false).text;
    assert!(text.contains("Please see") && text.contains("The cup broke."), "{text}");
}

#[test]
fn signatures_are_known_by_their_marks() {
    let found = read(r#"<p>NEW</p><div class="gmail_signature">Ana, 4 Main Street</div>"#, false);
    assert_eq!(found.text, "NEW");
    assert_eq!(
        (found.removed[0].kind, found.removed[0].text.as_str()),
        (RemovedKind::Signature, "Ana, 4 Main Street")
    );
}

#[test]
fn pages_become_lines() {
    for (html, text) in [
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a&nbsp;b &amp; c&lt;d", "a b & c<d"),
        (
            "<a href=\"https://shop.example/cup\">this cup</a>",
            "this cup (https://shop.example/cup)",
        ),
        ("<a href=\"https://shop.example/\">shop.example</a>", "shop.example"),
        ("<a href=\"mailto:a@b.example\">Ana</a>", "Ana"),
        ("good <img alt=\"🙂\" src=x> <img alt=\"logo\" src=y>", "good 🙂"),
        ("<blockquote>said</blockquote>", "> said"),
        ("<title>t</title><script>s</script><!-- c -->x", "x"),
        ("a < b", "a < b"),
    ] {
        assert_eq!(read(html, false).text, text, "{html}");
    }
}
