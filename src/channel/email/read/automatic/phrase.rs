//! The words by which machines give themselves away where their headers say nothing.
//!
//! Each list is kept to sentences that nobody writes by hand; a subject counts only at its very start,
//! since `Re: Automatic reply` was written by a person.

use super::Signs;
use crate::conversation::MailKind;
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// Letters at the start of a mail in which its sentences are looked for.
const START: usize = 3_000;

fn regex(pattern: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "a test runs each of these patterns")]
    Regex::new(pattern).expect("the pattern is written here")
}

fn set(patterns: &[&str]) -> RegexSet {
    #[expect(clippy::expect_used, reason = "a test runs each of these patterns")]
    RegexSet::new(patterns).expect("the patterns are written here")
}

/// Reads from an address that no person sits behind it.
pub(super) fn of_machine(address: &str) -> Option<MailKind> {
    static DAEMON: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|double-bounce|bounce[-_]?daemon|mdaemon)(?:[@+]|$)",
        )
    });
    static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"^(?:post_?master|abuse|bounces?|(?:.*[-_.+])?(?:no|do[-_.]?not|dont|not)[-_.]?reply(?:[-_.+].*)?|",
            r"noresponse|autoreply|auto-reply|autoresponder|auto-?confirm|notifications?[-_]?noreply)@",
        ))
    });
    if DAEMON.is_match(address) {
        return Some(MailKind::Bounce);
    }
    NOBODY.is_match(address).then_some(MailKind::AutoReply)
}

static BOUNCE_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:undeliver(?:able|ed)\b|returned (?:mail|e-?mail)\b|return(?:ed)? to sender|",
        r"(?:mail |message |email |e-mail |permanent |your message |your mail )?delivery (?:status notification|",
        r"notification|failure|failed|error|problem|report|delayed|has failed|unsuccessful|incomplete|final)|",
        r"fail(?:ed|ure) (?:delivery|notice|to deliver)|(?:mail|message|email) (?:failed|failure|system error|",
        r"could not be delivered|not delivered|returned|error)|non[- ]?deliver(?:y|able)|",
        r"warning: (?:message|could not send|e-?mail)|delayed mail|could not deliver|unable to deliver|",
        r"message (?:you sent )?(?:blocked|rejected|bounced)|bounced? (?:mail|message|e-?mail)|",
        r"unzustellbar|nicht zustellbar|unzustellbare|übermittlung fehlgeschlagen|nachricht konnte nicht|",
        r"non remis|non distribuable|échec de (?:la )?remise|échec de livraison|avis de non-remise|",
        r"no se puede entregar|no entregado|error de entrega|devuelto:|não é possível entregar|não entregue|",
        r"falha na entrega|mancata consegna|impossibile recapitare|non recapitabile|onbestelbaar|",
        r"niet bezorgd|メールエラー|配信(?:不能|エラー|できません)|送信エラー|系统退信|退信|не доставлено|",
        r"postfix smtp server: errors|mdaemon (?:warning|notification)|メッセージ.{0,12}(?:エラー|配信))",
    ))
});

/// Sentences with which mail servers begin.
static BOUNCE_BODY: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"(?i)this (?:message|mail) was created automatically by (?:the )?mail (?:delivery|transfer) (?:software|system)",
        r"(?i)\bthis is the (?:qmail-send program|mail (?:system|delivery (?:system|agent))|postfix program|machine generated)",
        r"(?i)i'?m (?:sorry to have to inform you|afraid i wasn'?t able to deliver)",
        r"(?i)(?:could not|couldn'?t|can ?not|can'?t|was not|wasn'?t|not) be delivered\b",
        r"(?i)did not reach the following recipient",
        r"(?i)(?:had|have) permanent fatal errors",
        r"(?i)\bdelivery (?:to the following|to these) (?:recipient|address|person)",
        r"(?i)\b(?:delivery|message|it|mail) (?:has |have )?(?:failed|was (?:rejected|refused|undeliverable|not delivered))",
        r"(?i)\bunable to deliver\b|\bundeliver(?:able|ed)\b|\bnot been delivered\b|\breturned (?:to|as) (?:sender|undeliver)",
        r"(?i)\b(?:550|551|552|553|554|571)[ -]#?\(?(?:[45]\.\d{1,3}\.\d{1,3}|\S{3,})",
        r"(?i)\b(?:host|user|mailbox|address|recipient|account) (?:is )?(?:unknown|not found|unavailable|does not exist|doesn'?t exist)",
        r"(?i)^(?:final-recipient|reporting-mta|diagnostic-code): ",
        r"(?i)<[^<>@\s]+@[^<>\s]+>\.{2,3} (?:user unknown|host unknown|deferred)",
        r"(?i)----- (?:the following addresses|transcript of session follows|unsent message|original message follows)",
        r"(?i)\bmail(?:box)? (?:quota|is full)|quota exceeded|over quota",
        r"配信(?:され|でき)ま|送信できま|ユーザ.{0,6}(?:みつかりません|見つかりません)|あて先.{0,20}(?:ません|不明)|エラー",
        r"(?i)konnte nicht zugestellt werden|n'a (?:pas )?pu être (?:remis|délivré)|no (?:se )?pudo (?:ser )?entreg",
        r"(?i)the user\(s\) account|mail delivery (?:to|failed)|permanent error|message size exceeds",
    ])
});

/// Reads that a mail tells of another that did not arrive.
pub(super) fn bounce(signs: &Signs<'_>, is_automatic: bool) -> Option<String> {
    let body = super::super::bound::start_of(signs.text, START);
    if body.trim_start().starts_with('{') && body.contains("\"notificationType\":\"Bounce\"") {
        return Some("words: a notification of a bounce".into());
    }
    let by_subject = BOUNCE_SUBJECT.is_match(signs.subject);
    let by_body = BOUNCE_BODY.is_match(body);
    let by_sender = signs.sender.is_none_or(|sender| of_machine(&super::called(sender)).is_some());
    // Two of subject, body and sender; the body alone is what a customer may write about.
    match (by_subject, by_body, by_sender || is_automatic) {
        (true, true, _) | (true, _, true) => Some(format!("subject: {}", short(signs.subject))),
        (_, true, true) if is_from_server(signs) => Some("words: of a mail server".into()),
        _ => None,
    }
}

/// Whether the sender or the envelope is a server's, and not just any that wants no answer.
fn is_from_server(signs: &Signs<'_>) -> bool {
    let sender = signs.sender.map(super::called).unwrap_or_default();
    let is_null = signs.headers.all("return-path").any(super::is_null);
    sender.is_empty()
        || sender.starts_with("postmaster")
        || sender.starts_with("post_master")
        || is_null
        || of_machine(&sender) == Some(MailKind::Bounce)
}

/// Reads that a mail says that another was called spam, in a form of its own.
pub(super) fn complaint(subject: &str, text: &str) -> Option<String> {
    let is_notice = text.trim_start().starts_with('{')
        && super::super::bound::start_of(text, START)
            .contains("\"notificationType\":\"Complaint\"");
    let is_complaint = subject.to_lowercase().starts_with("complaint about message from ");
    (is_notice || is_complaint).then(|| format!("subject: {}", short(subject)))
}

/// Subjects that out-of-office answers have, whichever program writes them.
static AWAY_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\s*[\[(]?(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer|respond(?:er)?)\b|auto: |",
        r"out of (?:the )?office(?:\s*(?:[:\])!.-]|$|auto|reply|message|notification|assistant|re:|until|from))|",
        r"ooo:|vacation (?:reply|message|response|auto)|away from (?:my )?(?:mail|e-?mail|the office)\b|",
        r"automatische (?:antwort|rückantwort|abwesenheit)|auto(?:matische)?[- ]?antwort\b|",
        r"abwesenheits(?:notiz|benachrichtigung|meldung|nachricht|assistent|agent)|abwesend:|",
        r"nicht im büro:|réponse automatique|message d'absence|absence du bureau|absent du bureau|",
        r"respuesta automática|respuesta autom[aá]tica|fuera de (?:la )?oficina\s*(?:[:!.]|$)|",
        r"resposta autom[aá]tica|fora do escritório|ausência temporária|risposta automatica|fuori (?:sede|ufficio)\b|",
        r"automatisch(?: antwoord|e reactie|e beantwoording)|afwezig(?:heid(?:sbericht|sassistent)|:)|",
        r"autosvar|automatisk svar|automatiskt svar|frånvaro:|fraværende:|fravær:|ikke på kontoret|",
        r"automaattinen vastaus|poissa:|poissaoloviesti|automatyczna odpowiedź|odpowiedź automatyczna|",
        r"nieobecność:|automatická odpov[eě][dď]|automatikus válasz|házon kívül|răspuns automat|",
        r"автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|otomatik yanıt|",
        r"자동 (?:회신|응답)|부재중 자동|自動(?:応答|返信|回覆)|不在通知|自动(?:回复|答复)|رد تلقائي|תשובה אוטומטית)",
    ))
});

/// A sentence of absence, and another that goes with it; both together only machines send.
static AWAY: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"(?i)\b(?:i am|i'm|i will be|i'll be) (?:currently |presently |now )?(?:out of (?:the )?office|away from (?:the office|my (?:desk|e-?mail))|on (?:annual |parental |maternity |holiday |sick )?(?:leave|vacation|holiday))",
        r"(?i)\bich bin (?:derzeit|zurzeit|zur zeit|momentan|bis|vom|ab|aktuell|im moment|leider)?.{0,40}(?:nicht im büro|abwesend|außer haus|im urlaub|nicht erreichbar)",
        r"(?i)\bje suis (?:actuellement |absent|en congés?|en vacances|hors du bureau)",
        r"(?i)\b(?:estoy|estaré|me encuentro) (?:actualmente |ahora )?(?:fuera de la oficina|de vacaciones|ausente)",
        r"(?i)\b(?:estou|estarei) (?:atualmente |neste momento )?(?:fora do escritório|de férias|ausente)",
        r"(?i)\b(?:sono|sarò) (?:attualmente |al momento )?(?:fuori ufficio|in ferie|assente)",
        r"(?i)\bik ben (?:momenteel |tot |van )?.{0,30}(?:afwezig|niet op kantoor|met vakantie|met verlof)",
    ])
});

static AWAY_TOO: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"(?i)\b(?:limited|no|intermittent|occasional) access to (?:my )?e-?mails?\b",
        r"(?i)\bi(?: will|'ll)? (?:respond|reply|answer|get back|read your|return your|be back|be returning|return)\b",
        r"(?i)\b(?:urgent|emergency|emergencies|immediate)\b.{0,80}\b(?:contact|call|e-?mail|reach)\b",
        r"(?i)\b(?:contact|call|e-?mail)\b.{0,80}\b(?:in my absence|while i am away|for urgent)\b",
        r"(?i)(?:dringend|eilig|in meiner abwesenheit|nicht weitergeleitet|wenden sie sich|nach meiner rückkehr|wieder (?:für sie )?(?:da|erreichbar))",
        r"(?i)(?:en cas d'urgence|en mon absence|à mon retour|mi regreso|en mi ausencia|urgente|meu retorno|al mio rientro|in mia assenza|bij terugkomst|terug ben|dringende)",
    ])
});

/// Sentences with which programs sign.
static MACHINE: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"(?i)\bthis is an auto(?:matic(?:ally)?|mated|-generated)?[- ]?(?:generated )?(?:reply|response|message|e-?mail|mail|notification|acknowledg\w+)\b",
        r"(?i)\bthis (?:message|e-?mail|mail) (?:was|is|has been) (?:automatically|auto-?) ?(?:generated|sent)\b",
        r"(?i)\b(?:please )?do not (?:reply|respond) to this (?:automated |automatic )?(?:message|e-?mail|mail)\b",
        r"(?i)\bdies(?:e|es)? (?:e-?mail|mail|nachricht) wurde automatisch (?:erstellt|generiert|versendet|erzeugt)",
        r"(?i)\bbitte antworten sie nicht auf diese (?:e-?mail|mail|nachricht)",
        r"(?i)\b(?:ceci est un (?:message|e-?mail|courriel) automatique|merci de ne pas répondre à ce (?:message|mail|courriel))",
        r"(?i)\b(?:este es un (?:mensaje|correo) automático|(?:por favor,? )?no respondas? a este (?:mensaje|correo))",
        r"(?i)\b(?:esta é uma (?:mensagem|resposta) automática|não responda a (?:este|esta) (?:e-?mail|mensagem))",
    ])
});

/// Reads that a mail was sent by itself because its sender is away, or is a program.
pub(super) fn auto_reply(subject: &str, text: &str) -> Option<String> {
    if AWAY_SUBJECT.is_match(subject) {
        return Some(format!("subject: {}", short(subject)));
    }
    let start = super::super::bound::start_of(text, START);
    // Whoever asks wants an answer, however absent.
    let asks = text.contains(['?', '？', '؟', '¿']);
    if !asks && AWAY.is_match(start) && AWAY_TOO.is_match(start) {
        return Some("words: of somebody who is away".into());
    }
    (!asks && MACHINE.is_match(start)).then(|| "words: of a program".into())
}

fn short(text: &str) -> &str {
    super::super::bound::start_of(text, 120)
}
