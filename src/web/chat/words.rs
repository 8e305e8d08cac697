//! What the chat page says, in the languages it speaks.

use crate::lang::Lang;
use serde::Serialize;

/// The page's words in one language; the script gets them as they are named here.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) subtitle: &'static str,
    pub(super) greeting: &'static str,
    pub(super) notice: &'static str,
    pub(super) log: &'static str,
    pub(super) write: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) send: &'static str,
    pub(super) attach: &'static str,
    pub(super) person: &'static str,
    /// The message that the button sends.
    pub(super) wish: &'static str,
    pub(super) device: &'static str,
    pub(super) device_hint: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) close: &'static str,
    pub(super) newer: &'static str,
    pub(super) you: &'static str,
    pub(super) automatic: &'static str,
    pub(super) team: &'static str,
    pub(super) source: &'static str,
    /// Marks an automatic answer as one that did not help.
    pub(super) unhelpful: &'static str,
    pub(super) noted: &'static str,
    pub(super) choices: &'static str,
    pub(super) sending: &'static str,
    pub(super) sent: &'static str,
    pub(super) failed: &'static str,
    pub(super) retry: &'static str,
    pub(super) remove: &'static str,
    pub(super) typing: &'static str,
    pub(super) waiting: &'static str,
    pub(super) with_person: &'static str,
    pub(super) offline: &'static str,
    pub(super) file_large: &'static str,
    pub(super) file_kind: &'static str,
    pub(super) file_many: &'static str,
    pub(super) too_fast: &'static str,
    pub(super) link_over: &'static str,
    pub(super) wrong: &'static str,
    pub(super) no_script: &'static str,
}

/// The first language asked for that the page speaks: by address, then as the browser says, then the
/// inbox's own.
pub(super) fn of(asked: Option<&str>, accepted: &str, inbox: Lang) -> &'static Words {
    let known = |code: &str| {
        let lang: Lang = code.trim().parse().ok()?;
        ALL.into_iter().find(|words| words.lang == lang.as_str())
    };
    asked
        .and_then(known)
        .or_else(|| by_preference(accepted).into_iter().find_map(known))
        .or_else(|| known(inbox.as_str()))
        .unwrap_or(&EN)
}

/// The languages of an `Accept-Language` header, most wanted first.
fn by_preference(accepted: &str) -> Vec<&str> {
    let weighed = accepted.split(',').take(20).map(|part| {
        let (code, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        (code, weight.unwrap_or(0.0_f32))
    });
    let mut weighed: Vec<(&str, f32)> = weighed.filter(|(_, weight)| *weight > 0.0).collect();
    weighed.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    weighed.into_iter().map(|(code, _)| code).collect()
}

const ALL: [&Words; 5] = [&EN, &DE, &ES, &FR, &PT];

static EN: Words = Words {
    lang: "en",
    subtitle: "Automatic answers, and people when you need one",
    greeting: "Hello! How can we help?",
    notice: "Answers here are automatic at first. You can ask for a person at any time.",
    log: "Messages",
    write: "Your message",
    placeholder: "Write a message…",
    send: "Send",
    attach: "Add a file",
    person: "Talk to a person",
    wish: "I would like to talk to a person, please.",
    device: "Continue on another device",
    device_hint: "Whoever opens this link within 24 hours goes on with this chat:",
    copy: "Copy link",
    copied: "Copied",
    close: "Close chat",
    newer: "Newest messages",
    you: "You",
    automatic: "Automatic answer",
    team: "Team",
    source: "Source",
    unhelpful: "Not helpful",
    noted: "Thank you, we will look at it.",
    choices: "Choose one",
    sending: "Sending…",
    sent: "Sent",
    failed: "Not sent",
    retry: "Try again",
    remove: "Remove",
    typing: "An answer is on its way",
    waiting: "A person will answer here",
    with_person: "A person is with you",
    offline: "No connection. Trying again…",
    file_large: "This file is too large.",
    file_kind: "Files of this kind cannot be sent. Pictures, PDF and plain text can.",
    file_many: "A message can carry no more files.",
    too_fast: "That was a lot at once. Please wait a moment.",
    link_over: "This link has run out. You can begin a new chat here.",
    wrong: "Something went wrong. Please try again.",
    no_script: "This chat needs JavaScript.",
};

static DE: Words = Words {
    lang: "de",
    subtitle: "Automatische Antworten, und Menschen, wenn Sie einen brauchen",
    greeting: "Hallo! Wie können wir helfen?",
    notice: "Antworten kommen hier zunächst automatisch. Sie können jederzeit nach einem Menschen fragen.",
    log: "Nachrichten",
    write: "Ihre Nachricht",
    placeholder: "Nachricht schreiben …",
    send: "Senden",
    attach: "Datei anhängen",
    person: "Mit einem Menschen sprechen",
    wish: "Ich möchte bitte mit einem Menschen sprechen.",
    device: "Gerät wechseln",
    device_hint: "Wer diesen Link in den nächsten 24 Stunden öffnet, setzt diesen Chat fort:",
    copy: "Link kopieren",
    copied: "Kopiert",
    close: "Chat schließen",
    newer: "Neueste Nachrichten",
    you: "Sie",
    automatic: "Automatische Antwort",
    team: "Team",
    source: "Quelle",
    unhelpful: "Nicht hilfreich",
    noted: "Danke, wir sehen uns das an.",
    choices: "Bitte wählen",
    sending: "Wird gesendet …",
    sent: "Gesendet",
    failed: "Nicht gesendet",
    retry: "Erneut versuchen",
    remove: "Entfernen",
    typing: "Eine Antwort ist unterwegs",
    waiting: "Ein Mensch wird hier antworten",
    with_person: "Ein Mensch ist für Sie da",
    offline: "Keine Verbindung. Neuer Versuch …",
    file_large: "Diese Datei ist zu groß.",
    file_kind: "Dateien dieser Art lassen sich nicht senden. Möglich sind Bilder, PDF und reiner Text.",
    file_many: "Mehr Dateien passen nicht in eine Nachricht.",
    too_fast: "Das war viel auf einmal. Bitte warten Sie einen Moment.",
    link_over: "Dieser Link ist abgelaufen. Sie können hier einen neuen Chat beginnen.",
    wrong: "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.",
    no_script: "Dieser Chat braucht JavaScript.",
};

static ES: Words = Words {
    lang: "es",
    subtitle: "Respuestas automáticas, y personas cuando haga falta",
    greeting: "¡Hola! ¿En qué podemos ayudarle?",
    notice: "Al principio las respuestas son automáticas. Puede pedir una persona en cualquier momento.",
    log: "Mensajes",
    write: "Su mensaje",
    placeholder: "Escriba aquí…",
    send: "Enviar",
    attach: "Añadir un archivo",
    person: "Hablar con una persona",
    wish: "Quiero hablar con una persona, por favor.",
    device: "Cambiar de dispositivo",
    device_hint: "Quien abra este enlace en las próximas 24 horas continúa este chat:",
    copy: "Copiar enlace",
    copied: "Copiado",
    close: "Cerrar el chat",
    newer: "Mensajes más recientes",
    you: "Usted",
    automatic: "Respuesta automática",
    team: "Equipo",
    source: "Fuente",
    unhelpful: "No me ayuda",
    noted: "Gracias, lo revisaremos.",
    choices: "Elija una opción",
    sending: "Enviando…",
    sent: "Enviado",
    failed: "No enviado",
    retry: "Reintentar",
    remove: "Quitar",
    typing: "La respuesta está en camino",
    waiting: "Una persona responderá aquí",
    with_person: "Le atiende una persona",
    offline: "Sin conexión. Intentándolo de nuevo…",
    file_large: "Este archivo es demasiado grande.",
    file_kind: "No se pueden enviar archivos de este tipo. Sí imágenes, PDF y texto sin formato.",
    file_many: "Un mensaje no admite más archivos.",
    too_fast: "Han sido muchos mensajes seguidos. Espere un momento, por favor.",
    link_over: "Este enlace ha caducado. Puede empezar un chat nuevo aquí.",
    wrong: "Algo ha fallado. Inténtelo de nuevo, por favor.",
    no_script: "Este chat necesita JavaScript.",
};

static FR: Words = Words {
    lang: "fr",
    subtitle: "Réponses automatiques, et une personne quand il le faut",
    greeting: "Bonjour ! Comment pouvons-nous vous aider ?",
    notice: "Les réponses sont d’abord automatiques. Vous pouvez demander une personne à tout moment.",
    log: "Messages",
    write: "Votre message",
    placeholder: "Écrivez ici…",
    send: "Envoyer",
    attach: "Joindre un fichier",
    person: "Parler à une personne",
    wish: "Je voudrais parler à une personne, s'il vous plaît.",
    device: "Changer d’appareil",
    device_hint: "Toute personne qui ouvre ce lien dans les 24 heures poursuit cette discussion :",
    copy: "Copier le lien",
    copied: "Copié",
    close: "Fermer la discussion",
    newer: "Derniers messages",
    you: "Vous",
    automatic: "Réponse automatique",
    team: "Équipe",
    source: "Source",
    unhelpful: "Pas utile",
    noted: "Merci, nous allons vérifier.",
    choices: "Choisissez",
    sending: "Envoi…",
    sent: "Envoyé",
    failed: "Non envoyé",
    retry: "Réessayer",
    remove: "Retirer",
    typing: "Une réponse arrive",
    waiting: "Une personne va vous répondre ici",
    with_person: "Une personne est avec vous",
    offline: "Pas de connexion. Nouvel essai…",
    file_large: "Ce fichier est trop volumineux.",
    file_kind: "Ce type de fichier ne peut pas être envoyé. Images, PDF et texte brut sont acceptés.",
    file_many: "Un message ne peut pas contenir plus de fichiers.",
    too_fast: "Cela fait beaucoup d’un coup. Patientez un instant, s’il vous plaît.",
    link_over: "Ce lien a expiré. Vous pouvez commencer une nouvelle discussion ici.",
    wrong: "Une erreur s’est produite. Veuillez réessayer.",
    no_script: "Cette discussion nécessite JavaScript.",
};

static PT: Words = Words {
    lang: "pt",
    subtitle: "Respostas automáticas, e pessoas quando for preciso",
    greeting: "Olá! Como podemos ajudar?",
    notice: "As respostas aqui são primeiro automáticas. Pode pedir uma pessoa a qualquer momento.",
    log: "Mensagens",
    write: "A sua mensagem",
    placeholder: "Escreva aqui…",
    send: "Enviar",
    attach: "Anexar um ficheiro",
    person: "Falar com uma pessoa",
    wish: "Quero falar com uma pessoa, por favor.",
    device: "Mudar de dispositivo",
    device_hint: "Quem abrir esta ligação nas próximas 24 horas continua esta conversa:",
    copy: "Copiar ligação",
    copied: "Copiado",
    close: "Fechar a conversa",
    newer: "Mensagens mais recentes",
    you: "Você",
    automatic: "Resposta automática",
    team: "Equipa",
    source: "Fonte",
    unhelpful: "Não ajudou",
    noted: "Obrigado, vamos verificar.",
    choices: "Escolha uma opção",
    sending: "A enviar…",
    sent: "Enviada",
    failed: "Não enviada",
    retry: "Tentar de novo",
    remove: "Remover",
    typing: "A resposta está a caminho",
    waiting: "Uma pessoa vai responder aqui",
    with_person: "Uma pessoa está consigo",
    offline: "Sem ligação. A tentar de novo…",
    file_large: "Este ficheiro é demasiado grande.",
    file_kind: "Ficheiros deste tipo não podem ser enviados. Imagens, PDF e texto simples podem.",
    file_many: "Uma mensagem não leva mais ficheiros.",
    too_fast: "Foram muitas mensagens seguidas. Aguarde um momento, por favor.",
    link_over: "Esta ligação expirou. Pode começar aqui uma conversa nova.",
    wrong: "Algo correu mal. Tente de novo, por favor.",
    no_script: "Esta conversa precisa de JavaScript.",
};

#[cfg(test)]
mod tests {
    use super::of;
    use crate::lang::Lang;

    #[test]
    fn the_page_speaks_the_visitors_language_if_it_can() {
        for (asked, accepted, inbox, lang) in [
            (None, "", Lang::EN, "en"),
            (None, "de-AT,de;q=0.9,en;q=0.8", Lang::EN, "de"),
            (None, "en;q=0.3, fr;q=0.9", Lang::EN, "fr"),
            (None, "ja, es;q=0.5", Lang::EN, "es"),
            (None, "ja", Lang::PT, "pt"),
            (None, "de;q=0, *;q=0.5", Lang::EN, "en"),
            (None, "ja", Lang::IT, "en"),
            (Some("es"), "de", Lang::EN, "es"),
            (Some("xx"), "de", Lang::EN, "de"),
            (Some("<script>"), ";;q=,,", Lang::EN, "en"),
        ] {
            assert_eq!(of(asked, accepted, inbox).lang, lang, "{asked:?} {accepted:?}");
        }
    }
}
