//! "Sent from my phone", the line that programs and devices add, in many languages.

use super::date;

/// Begins and ends of such lines, `…` standing for any few words.
const FORMS: &[(&str, &str)] = &[
    ("sent from ", ""),
    ("sent using ", ""),
    ("written on my ", ""),
    ("typed on my ", ""),
    ("get outlook for ", ""),
    ("download outlook for ", ""),
    ("get bluemail for ", ""),
    ("get the yahoo", "app"),
    ("gesendet von ", ""),
    ("von meinem ", "gesendet"),
    ("von meiner ", "gesendet"),
    ("gesendet mit ", ""),
    ("gesendet aus ", ""),
    ("gesendet über ", ""),
    ("diese nachricht wurde von ", "gesendet"),
    ("diese nachricht wurde mit ", "gesendet"),
    ("diese e-mail wurde von ", "gesendet"),
    ("von unterwegs gesendet", ""),
    ("holen sie sich outlook für ", ""),
    ("laden sie outlook für ", ""),
    ("outlook für ", "beziehen"),
    ("outlook für ", "herunterladen"),
    ("envoyé depuis ", ""),
    ("envoyé de mon ", ""),
    ("envoyé de ma ", ""),
    ("envoyé à partir d", ""),
    ("envoyé avec ", ""),
    ("envoyé via ", ""),
    ("envoyé de l", ""),
    ("télécharger outlook pour ", ""),
    ("obtenir outlook pour ", ""),
    ("enviado desde ", ""),
    ("enviado con ", ""),
    ("enviado do ", ""),
    ("enviado de meu ", ""),
    ("enviado a partir d", ""),
    ("enviado através d", ""),
    ("enviado pelo ", ""),
    ("enviada do ", ""),
    ("enviat des d", ""),
    ("obtener outlook para ", ""),
    ("obter outlook para ", ""),
    ("obter o outlook para ", ""),
    ("descargar outlook para ", ""),
    ("inviato da", ""),
    ("inviato dal ", ""),
    ("inviato con ", ""),
    ("inviato tramite ", ""),
    ("ottieni outlook per ", ""),
    ("scarica outlook per ", ""),
    ("verzonden vanaf ", ""),
    ("verstuurd vanaf ", ""),
    ("verzonden met ", ""),
    ("verstuurd met ", ""),
    ("verzonden vanuit ", ""),
    ("verzonden via ", ""),
    ("outlook voor ", "downloaden"),
    ("skickat från ", ""),
    ("skickat med ", ""),
    ("hämta outlook för ", ""),
    ("sendt fra ", ""),
    ("sendt med ", ""),
    ("sendt via ", ""),
    ("hent outlook til ", ""),
    ("få outlook for ", ""),
    ("sent úr ", ""),
    ("lähetetty ", ""),
    ("wysłane z ", ""),
    ("wysłano z ", ""),
    ("wysłane za ", ""),
    ("wysłano za ", ""),
    ("pobierz outlook dla ", ""),
    ("odesláno z ", ""),
    ("odesláno ze ", ""),
    ("odoslané z ", ""),
    ("odoslané zo ", ""),
    ("poslano s ", ""),
    ("poslano z ", ""),
    ("poslato sa ", ""),
    ("elküldve ", ""),
    ("küldve ", ""),
    ("trimis de pe ", ""),
    ("trimis din ", ""),
    ("отправлено с ", ""),
    ("отправлено из ", ""),
    ("отправлено со ", ""),
    ("отправлено от ", ""),
    ("надіслано з ", ""),
    ("відправлено з ", ""),
    ("изпратено от ", ""),
    ("послато са ", ""),
    ("στάλθηκε από ", ""),
    ("εστάλη από ", ""),
    ("saadetud minu ", ""),
    ("nosūtīts no ", ""),
    ("išsiųsta iš ", ""),
    ("أرسلت من ", ""),
    ("أُرسلت من ", ""),
    ("تم الإرسال من ", ""),
    ("مرسل من ", ""),
    ("נשלח מ", ""),
    ("ارسال شده از ", ""),
    ("đã gửi từ ", ""),
    ("được gửi từ ", ""),
    ("dikirim dari ", ""),
    ("ส่งจาก", ""),
    ("发自我的", ""),
    ("發自我的", ""),
    ("从我的", "发送"),
    ("從我的", "傳送"),
    ("從我的", "寄出"),
    ("来自我的", ""),
    ("發自", "手機"),
    ("用我的", "发送"),
];
/// Ends of such lines in languages that put the device first.
const ENDS: &[&str] = &[
    "から送信",
    "からの送信",
    "で送信",
    "에서 보냄",
    "에서 보낸 메일",
    "에서 전송",
    "dan gönderildi",
    "den gönderildi",
    "tan gönderildi",
    "ten gönderildi",
    "से भेजा गया",
];
/// Begins that are ordinary words, too: they count only with a device or a program behind them.
const LOOSE: &[&str] = &[
    "sent via ",
    "sent by ",
    "sent with ",
    "from my ",
    "via my ",
    "posted via ",
    "gesendet per ",
    "von meinem ",
    "de mon ",
    "desde mi ",
];
const DEVICES: &[&str] = &[
    "phone",
    "ipad",
    "ipod",
    "android",
    "galaxy",
    "samsung",
    "mobil",
    "handy",
    "blackberry",
    "huawei",
    "xiaomi",
    "pixel",
    "nokia",
    "tablet",
    "smartphone",
    "airmail",
    "mail",
    "outlook",
    "proton",
    "thunderbird",
    "spark",
    "superhuman",
    "yahoo",
    "móvil",
    "téléphone",
    "app",
    "device",
    "watch",
    "laptop",
    "windows",
    "mac",
];
/// Words behind such a begin; more of them are a sentence.
const WORDS: usize = 8;

/// Whether a folded line is such.
pub(super) fn is_device(folded: &str) -> bool {
    let line = folded.trim_matches(|mark: char| "<>()[]*_-–— .".contains(mark));
    if line.is_empty() || line.chars().count() > 120 {
        return false;
    }
    let line = without_links(line);
    let is_enclosed = folded.starts_with(['<', '(', '[']);
    let form = |(begin, end): &(&str, &str)| {
        line.strip_prefix(begin).is_some_and(|rest| rest.ends_with(end) && is_short(rest))
    };
    let loose = |begin: &&str| {
        let rest = line.strip_prefix(*begin);
        rest.is_some_and(|rest| is_short(rest) && (is_enclosed || names_device(rest)))
    };
    FORMS.iter().any(form)
        || (ENDS.iter().any(|end| line.ends_with(end)) && is_short(&line))
        || LOOSE.iter().any(loose)
        || is_from_mobile(&line)
}

/// "Ann from mobile".
fn is_from_mobile(line: &str) -> bool {
    let who = line.strip_suffix(" from mobile").or_else(|| line.strip_suffix(" from my mobile"));
    who.is_some_and(|who| !who.contains(' '))
}

fn names_device(rest: &str) -> bool {
    DEVICES.iter().any(|device| rest.contains(device)) && rest.split(' ').count() <= 6
}

/// A name and no sentence: few words, no comma and no day.
fn is_short(rest: &str) -> bool {
    let is_sentence = rest.contains([',', ';', '?', '!', '，', '。']) || rest.contains(". ");
    !is_sentence && !date::told(rest).is_some() && rest.split_whitespace().count() <= WORDS
}

/// A line without the addresses that HTML's links leave in angle brackets.
fn without_links(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut depth = 0_u32;
    for character in line.chars() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept.truncate(kept.trim_end().len());
    kept
}
