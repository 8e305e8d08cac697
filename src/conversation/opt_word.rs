//! Words by which a customer ends notifications, or begins them again.
//!
//! Only a message that holds nothing else counts: "stop the delivery to Bern" is a question for the shop. Left out
//! on purpose, since in a chat with a shop they mean other things: "cancel" and its like (an order), "no" (an
//! answer), "alto" and "basta" (a heel, enough), "fin" and "ende".

use crate::lang::Lang;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What such a message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptWord {
    /// No notifications any more.
    Stop,
    /// No advertising any more; other notifications may go on.
    StopMarketing,
    /// Notifications again.
    Start,
}

/// The longest message that is looked at, in bytes.
const LONGEST: usize = 200;

/// A language's words, without case, accents and signs; none where many languages use them.
type Words = (OptWord, Option<Lang>, &'static [&'static str]);

const WORDS: &[Words] = &[
    (
        OptWord::Stop,
        None,
        &["stop", "stopall", "stop all", "unsubscribe", "end", "quit", "optout", "opt out"],
    ),
    (
        OptWord::Stop,
        Some(Lang::EN),
        &[
            "stop messages",
            "stop messaging me",
            "stop sending me messages",
            "no more messages",
            "unsubscribe me",
            "please stop",
            "stop please",
        ],
    ),
    (
        OptWord::Stop,
        Some(Lang::DE),
        &[
            "stopp",
            "abmelden",
            "abbestellen",
            "austragen",
            "keine nachrichten mehr",
            "keine weiteren nachrichten",
            "bitte keine nachrichten mehr",
        ],
    ),
    (
        OptWord::Stop,
        Some(Lang::FR),
        &[
            "arret",
            "arretez",
            "arreter",
            "desabonner",
            "me desabonner",
            "desabonnement",
            "desinscrire",
            "me desinscrire",
            "desinscription",
            "ne plus recevoir de messages",
        ],
    ),
    (
        OptWord::Stop,
        Some(Lang::ES),
        &[
            "baja",
            "darme de baja",
            "dar de baja",
            "desuscribir",
            "desuscribirme",
            "detener",
            "no mas mensajes",
            "cancelar suscripcion",
        ],
    ),
    // The same word in Spain, Portugal and Brazil.
    (OptWord::Stop, None, &["parar"]),
    (
        OptWord::Stop,
        Some(Lang::PT),
        &[
            "sair",
            "pare",
            "descadastrar",
            "remover inscricao",
            "cancelar inscricao",
            "cancelar subscricao",
            "nao quero mais mensagens",
            "sem mais mensagens",
        ],
    ),
    (
        OptWord::Stop,
        Some(Lang::IT),
        &[
            "ferma",
            "fermati",
            "disiscrivimi",
            "disiscriviti",
            "disiscrizione",
            "annulla iscrizione",
            "niente piu messaggi",
        ],
    ),
    (
        OptWord::Stop,
        Some(Lang::NL),
        &["stoppen", "afmelden", "uitschrijven", "geen berichten meer", "meld me af"],
    ),
    (
        OptWord::Stop,
        Some(Lang::AR),
        &["توقف", "قف", "ايقاف", "اوقف", "الغاء الاشتراك", "ايقاف الرسايل", "لا مزيد من الرسايل"],
    ),
    // The button by which WhatsApp lets people end a business's advertising ("Stop promotions").
    (OptWord::StopMarketing, Some(Lang::EN), &["stop promotions", "stop marketing"]),
    (OptWord::StopMarketing, Some(Lang::DE), &["werbung stoppen", "keine werbung"]),
    (OptWord::StopMarketing, Some(Lang::FR), &["stop pub", "stop promotions", "plus de publicite"]),
    (OptWord::StopMarketing, Some(Lang::ES), &["detener promociones", "no mas publicidad"]),
    (OptWord::StopMarketing, Some(Lang::PT), &["parar promocoes", "sem publicidade"]),
    (OptWord::StopMarketing, Some(Lang::IT), &["interrompi promozioni", "niente pubblicita"]),
    (OptWord::StopMarketing, Some(Lang::NL), &["stop reclame", "geen reclame"]),
    (OptWord::StopMarketing, Some(Lang::AR), &["ايقاف العروض", "ايقاف الاعلانات"]),
    (OptWord::Start, None, &["start", "unstop", "subscribe", "optin", "opt in"]),
    (OptWord::Start, Some(Lang::EN), &["resume", "start messages", "start all", "startall"]),
    (OptWord::Start, Some(Lang::DE), &["wieder anmelden", "nachrichten wieder an"]),
    (OptWord::Start, Some(Lang::FR), &["reprendre", "demarrer", "me reabonner", "reabonner"]),
    (OptWord::Start, Some(Lang::ES), &["alta", "darme de alta", "reanudar", "iniciar"]),
    (OptWord::Start, Some(Lang::PT), &["voltar", "retomar", "inscrever"]),
    (OptWord::Start, Some(Lang::IT), &["riprendi", "riprendere", "iscrivimi"]),
    (OptWord::Start, Some(Lang::NL), &["hervatten", "aanmelden", "weer aanmelden"]),
    (OptWord::Start, Some(Lang::AR), &["ابدا", "استيناف", "اشتراك"]),
];

/// What a whole message asks for, and the language whose word it is, where only one has it.
pub fn opt_word(message: &str) -> Option<(OptWord, Option<Lang>)> {
    if message.len() > LONGEST {
        return None;
    }
    let plain = plain(message);
    let of = |(_, _, words): &&Words| words.contains(&plain.as_str());
    let mut found = WORDS.iter().filter(of);
    let (word, lang, _) = found.next()?;
    Some((*word, lang.filter(|_| found.next().is_none())))
}

/// What a customer is told who has just ended notifications, or begun them again, in their language.
pub fn confirmation(word: OptWord, lang: Lang) -> &'static str {
    let [stopped, only_others, started] = match lang {
        Lang::DE => [
            "Sie bekommen von uns keine Benachrichtigungen mehr. Fragen beantworten wir weiterhin. START schaltet sie \
             wieder ein.",
            "Sie bekommen von uns keine Werbung mehr.",
            "Sie bekommen wieder Benachrichtigungen. STOP schaltet sie ab.",
        ],
        Lang::FR => [
            "Vous ne recevrez plus de notifications de notre part. Nous répondons toujours à vos questions. START les \
             réactive.",
            "Vous ne recevrez plus de publicité de notre part.",
            "Vous recevez de nouveau nos notifications. STOP les arrête.",
        ],
        Lang::ES => [
            "Ya no recibirá más notificaciones nuestras. Seguimos respondiendo a sus preguntas. START las activa de \
             nuevo.",
            "Ya no recibirá publicidad nuestra.",
            "Vuelve a recibir notificaciones. STOP las detiene.",
        ],
        Lang::PT => [
            "Não receberá mais notificações nossas. Continuamos a responder às suas perguntas. START volta a ativá-las.",
            "Não receberá mais publicidade nossa.",
            "Volta a receber notificações. STOP desativa-as.",
        ],
        Lang::IT => [
            "Non riceverà più nostre notifiche. Continuiamo a rispondere alle Sue domande. START le riattiva.",
            "Non riceverà più nostra pubblicità.",
            "Riceve di nuovo le notifiche. STOP le disattiva.",
        ],
        Lang::NL => [
            "U krijgt geen meldingen meer van ons. Vragen beantwoorden we nog steeds. START zet ze weer aan.",
            "U krijgt geen reclame meer van ons.",
            "U krijgt weer meldingen. STOP zet ze uit.",
        ],
        Lang::AR => [
            "لن تصلك إشعارات منا بعد الآن. سنواصل الرد على أسئلتك. أرسل START لتفعيلها من جديد.",
            "لن تصلك إعلانات منا بعد الآن.",
            "ستصلك الإشعارات من جديد. أرسل STOP لإيقافها.",
        ],
        _ => [
            "You will get no more notifications from us. We still answer your questions. START turns them on again.",
            "You will get no more advertising from us.",
            "You get notifications again. STOP turns them off.",
        ],
    };
    match word {
        OptWord::Stop => stopped,
        OptWord::StopMarketing => only_others,
        OptWord::Start => started,
    }
}

/// The letters of a message and single spaces between its words: no case, accents, signs and marks.
fn plain(message: &str) -> String {
    let bare = message.nfkd().filter(|letter| !is_combining_mark(*letter));
    // A hyphen joins what some write as one word, and Arabic is stretched by a sign of its own.
    let bare = bare.filter(|letter| *letter != '\u{640}').flat_map(char::to_lowercase);
    let spaced: String = bare.map(|it| if it.is_alphanumeric() { it } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::OptWord::{Start, Stop, StopMarketing};
    use super::{OptWord, WORDS, confirmation, opt_word, plain};
    use crate::lang::Lang;

    #[test]
    fn a_whole_message_that_says_so_is_understood_in_each_language() {
        for (message, word, lang) in [
            ("STOP", Stop, None),
            ("  stop. ", Stop, None),
            ("Stop!!!", Stop, None),
            ("Opt-Out", Stop, None),
            ("ＳＴＯＰ", Stop, None),
            ("\"STOP\" 🛑", Stop, None),
            ("StopAll", Stop, None),
            ("UNSUBSCRIBE", Stop, None),
            ("End", Stop, None),
            ("quit", Stop, None),
            ("Parar", Stop, None),
            ("Please stop.", Stop, Some(Lang::EN)),
            ("Stopp", Stop, Some(Lang::DE)),
            ("Bitte keine Nachrichten mehr!", Stop, Some(Lang::DE)),
            ("Abmelden", Stop, Some(Lang::DE)),
            ("ARRÊT", Stop, Some(Lang::FR)),
            ("Arre\u{302}t", Stop, Some(Lang::FR)),
            ("me désabonner", Stop, Some(Lang::FR)),
            ("BAJA", Stop, Some(Lang::ES)),
            ("No más mensajes", Stop, Some(Lang::ES)),
            ("Sair", Stop, Some(Lang::PT)),
            ("Cancelar inscrição", Stop, Some(Lang::PT)),
            ("Annulla iscrizione", Stop, Some(Lang::IT)),
            ("niente più messaggi", Stop, Some(Lang::IT)),
            ("Afmelden", Stop, Some(Lang::NL)),
            ("Geen berichten meer.", Stop, Some(Lang::NL)),
            ("إيقاف", Stop, Some(Lang::AR)),
            ("ايقاف", Stop, Some(Lang::AR)),
            ("إلغاء الاشتراك", Stop, Some(Lang::AR)),
            ("توقـــف", Stop, Some(Lang::AR)),
            ("Stop promotions", StopMarketing, None),
            ("Keine Werbung", StopMarketing, Some(Lang::DE)),
            ("START", Start, None),
            ("unstop", Start, None),
            ("Réabonner", Start, Some(Lang::FR)),
            ("Alta", Start, Some(Lang::ES)),
            ("Voltar", Start, Some(Lang::PT)),
            ("Iscrivimi", Start, Some(Lang::IT)),
            ("Aanmelden", Start, Some(Lang::NL)),
            ("ابدأ", Start, Some(Lang::AR)),
        ] {
            assert_eq!(opt_word(message), Some((word, lang)), "{message}");
        }
    }

    #[test]
    fn whatever_else_is_said_is_left_to_the_chat() {
        for message in [
            "",
            "🛑",
            "cancel",
            "Cancel my order",
            "no",
            "nein",
            "alto",
            "Stornieren",
            "stop the delivery to Bern",
            "Can I stop by?",
            "When does the sale end",
            "start of the tour?",
            "non-stop",
            "Baja la temperatura",
            "s t o p",
            &"stop ".repeat(60),
        ] {
            assert_eq!(opt_word(message), None, "{message}");
        }
    }

    #[test]
    fn whoever_ends_notifications_is_told_so_and_how_to_begin_them_again() {
        let langs =
            [Lang::EN, Lang::DE, Lang::FR, Lang::ES, Lang::PT, Lang::IT, Lang::NL, Lang::AR];
        let all: Vec<&str> = langs.iter().map(|lang| confirmation(Stop, *lang)).collect();
        for (lang, words) in langs.iter().zip(&all) {
            assert!(words.contains("START"), "{lang}");
            assert!(confirmation(Start, *lang).contains("STOP"), "{lang}");
            assert_eq!(all.iter().filter(|other| *other == words).count(), 1, "{lang}");
        }
    }

    #[test]
    fn each_word_stands_as_it_is_compared_and_means_one_thing() {
        for (word, lang, words) in WORDS {
            for each in *words {
                assert_eq!(plain(each), *each, "{lang:?}");
                let meant = opt_word(each).map(|(word, _)| word);
                assert_eq!(meant, Some(*word), "{each}");
            }
        }
        let all = |wanted: OptWord| WORDS.iter().any(|(word, ..)| *word == wanted);
        assert!(all(Stop) && all(StopMarketing) && all(Start));
    }
}
