//! What whole messages come to, in five languages.

use super::phrase::STEPS;
use super::*;
use crate::conversation::{
    Author, ChannelKind, Contact, Conversation, Inbox, Message, Mode, Tone, Visibility,
};
use Intent::{
    AccountSpecific, Automatic, Complaint, Greeting, OptOut, PersonWanted, Question, Spam, Thanks,
    Unreadable,
};
use proptest::prelude::*;

fn check(intent: Intent, texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|text| (text, read(text, Lang::EN, &[])))
        .filter(|(_, triage)| triage.intent != intent)
        .map(|(text, triage)| (text, triage.lang, triage.intent, triage.signals))
        .collect();
    assert!(wrong.is_empty(), "not {intent}: {wrong:#?}");
}

#[test]
fn plain_questions_are_for_the_knowledge() {
    check(
        Question,
        &[
            "How long do I have to return something?",
            "Where can I see my order status?",
            "How do I cancel an order?",
            "what is your refund time",
            "Thanks, but what about returns?",
            "I want a refund",
            "my tent arrived broken, how do I return it?",
            "do you offer personal advice by phone?",
            "How do I unsubscribe from the newsletter?",
            "How do I file a complaint?",
            "What is your phone number?",
            "Is there an automatic reply when I order?",
            "Can I wash it? Please stop me if that is wrong",
            "return policy",
            "I need a tent for one person",
            "boots too small",
            "yes",
            "OK PayPal",
            "Do I need crampons in May?",
            "How much is the 2000 mm rain jacket?",
            "Wie kann ich meine Bestellung stornieren?",
            "Wo sehe ich den Status meiner Bestellung?",
            "Gibt es persönliche Beratung im Laden?",
            "Danke, aber wie lange dauert der Versand?",
            "Mein Zelt ist gerissen, was kann ich tun?",
            "¿Cómo puedo devolver unas botas?",
            "¿Dónde puedo ver el estado de mi pedido?",
            "Gracias, ¿y cuánto tarda el reembolso?",
            "Quiero cambiar la talla",
            "Comment puis-je annuler ma commande ?",
            "Où puis-je voir le statut de ma commande ?",
            "Merci, mais quels sont les frais de retour ?",
            "Como posso devolver um produto?",
            "Onde vejo o estado da minha encomenda?",
            "Obrigada, mas quanto custa a devolução?",
            "退货需要多久?",
            "We're a school, do you give discounts to groups?",
            "Can I order by phone?",
            "What can I do about a rude courier?",
            "Is this mail from you or a scam?",
            "I'm on holiday until Monday, can you hold the parcel?",
            "Do you sell tents for five people?",
            "Would you contact me when it is back?",
            "I love the red one, do you have it in M?",
            "Ich bin im Urlaub, kann ich später zurückgeben?",
            "Wie lange gilt die Frist für eine Reklamation?",
            "¿Qué plazo hay para una reclamación de garantía?",
            "Qual é o prazo para fazer uma reclamação de garantia?",
            "Geht das Geld auf DE89 3704 0044 0532 0130 00?",
            "best tent for winter",
        ],
    );
}

#[test]
fn looks_into_an_order_or_account_are_told_apart() {
    check(
        AccountSpecific,
        &[
            "where is my order 1234",
            "where is my parcel, order HO-48213?",
            "has my refund been processed?",
            "why was my card charged twice",
            "Did you receive my return?",
            "What's the status of my repair?",
            "Please change the address on order #55231",
            "HO-48213",
            "I was charged twice for the tent",
            "Why is my account locked?",
            "Wo ist mein Paket HO-48213?",
            "Wurde meine Erstattung schon überwiesen?",
            "Warum wurde mir der Betrag doppelt abgebucht?",
            "Habt ihr meine Rücksendung erhalten?",
            "¿Dónde está mi pedido 48213?",
            "¿Ya se ha enviado mi pedido?",
            "¿Por qué me han cobrado dos veces?",
            "¿Han recibido mi devolución?",
            "Où est ma commande 48213 ?",
            "Mon remboursement a-t-il été effectué ?",
            "Pourquoi ai-je été débité deux fois ?",
            "Avez-vous reçu mon colis ?",
            "Onde está a minha encomenda 48213?",
            "O meu reembolso já foi processado?",
            "Por que fui cobrado duas vezes?",
            "Vocês receberam a minha devolução?",
            "Has my claim been decided yet?",
            "Am I still on your waiting list?",
            "Why did you close my account?",
            "Who signed for my parcel?",
            "Did I book the tent with the insurance?",
            "Wurde mein Nachweis schon geprüft?",
            "Stehe ich noch auf der Warteliste?",
            "¿Habéis recibido ya mi transferencia?",
            "¿Estoy en la lista de espera?",
            "Suis-je encore sur la liste d'attente ?",
            "Quantos pontos tenho na minha conta?",
        ],
    );
}

#[test]
fn complaints_are_heard() {
    check(
        Complaint,
        &[
            "This is unacceptable, three weeks and nothing",
            "I want to file a complaint",
            "Worst service ever",
            "I am very disappointed with the boots.",
            "You are thieves! Can I return this?",
            "I will never order from you again",
            "My lawyer will contact you",
            "Eine Frechheit, ich bestelle nie wieder bei euch",
            "Ich möchte mich beschweren",
            "Ich bin sehr enttäuscht von der Qualität.",
            "Es inaceptable, llevo un mes así",
            "Quiero poner una reclamación",
            "Estoy muy decepcionada con la tienda de campaña.",
            "C'est inadmissible, un scandale",
            "Je veux déposer une réclamation",
            "Je suis très déçu de la qualité.",
            "É um absurdo, nunca mais compro aqui",
            "Quero fazer uma reclamação",
            "Estou muito decepcionado com o atendimento.",
            "Your salesman was rude and had no idea.",
            "Forty minutes on hold, then I was cut off",
            "The guide made fun of us",
            "I feel cheated",
            "Der Verkäufer war arrogant und hatte keine Ahnung",
            "Seit einer Stunde in der Warteschleife",
            "El dependiente fue muy maleducado",
            "Siempre largas, nadie hace nada",
            "Le livreur était agressif",
            "O atendente foi grosseiro",
            "You have lost another customer",
        ],
    );
}

#[test]
fn the_wish_for_a_person_wins_over_a_question() {
    check(
        PersonWanted,
        &[
            "I want to talk to a human",
            "agent",
            "Can I speak with someone please? How long is the warranty?",
            "Please call me back",
            "get me your manager",
            "I don't want a bot, give me a real person",
            "Ich möchte mit einem Mitarbeiter sprechen",
            "Bitte rufen Sie mich zurück",
            "Kann ich mit einem echten Menschen reden?",
            "Quiero hablar con una persona",
            "¿Me pueden llamar?",
            "Necesito un agente humano",
            "Je voudrais parler à un conseiller",
            "Rappelez-moi s'il vous plaît",
            "Un vrai humain svp",
            "Quero falar com um atendente",
            "Podem me ligar?",
            "Preciso de falar com uma pessoa real",
            "No. Human. Thanks.",
            "employee please",
            "Can I speak to Hannah again?",
            "I need a callback",
            "Someone of flesh and blood please, no bots",
            "Mitarbeiter bitte",
            "Ich will keinen Bot",
            "Gebt mir einen Kollegen",
            "ponme con una persona",
            "de carne y hueso, por favor",
            "passez-moi un collègue",
            "Quero falar com a gerente",
            "me passa para um atendente",
        ],
    );
}

#[test]
fn thanks_and_goodbyes_ask_nothing() {
    check(
        Thanks,
        &[
            "Thanks!",
            "no thanks",
            "ok great, thank you so much for your help 👍",
            "That's all, bye",
            "Thanks Anna",
            "perfect",
            "Thank you.\nKind regards,\nAnna Vogel",
            "Danke, das war alles",
            "Vielen Dank für die schnelle Antwort!",
            "Super, tschüss",
            "Muchas gracias por la ayuda",
            "no, gracias",
            "Perfecto, hasta luego",
            "Merci beaucoup, bonne journée",
            "Non merci",
            "C'est parfait, au revoir",
            "Obrigado pela ajuda!",
            "Muito obrigada, tchau",
            "Não, obrigado",
            "You are so kind, I love your shop",
            "What great advice last week! Greetings from the Alps!",
            "Wollte nur mal sagen, dass ihr super seid!",
            "Die Beratung war spitze, weiter so!",
            "Me encanta vuestra tienda, sois geniales",
            "J'adore votre boutique, bravo à l'équipe !",
            "Adorei a loja, parabéns a todos!",
        ],
    );
}

#[test]
fn a_greeting_alone_is_only_that() {
    check(
        Greeting,
        &[
            "Hi",
            "hello there!",
            "Good morning",
            "Hi, how are you?",
            "Hello, I have a question",
            "is anyone there?",
            "Hallo zusammen",
            "Guten Tag",
            "Hola, buenas tardes",
            "¿Hay alguien ahí?",
            "Bonjour",
            "Bonsoir à tous",
            "Olá, bom dia",
            "Oi, tudo bem?",
            "Who are you?",
            "Are you a bot?",
            "What's your name?",
            "Tell me a joke",
            "Merry Christmas!",
            "I found it myself",
            "Wer bist du?",
            "Frohe Weihnachten an alle",
            "Hab's schon gefunden",
            "¿Eres un robot?",
            "Ya lo encontré",
            "Qui es-tu ?",
            "J'ai trouvé tout seul",
            "Quem é você?",
        ],
    );
}

#[test]
fn opting_out_takes_the_whole_message() {
    check(
        OptOut,
        &[
            "STOP",
            "stop.",
            "Unsubscribe",
            "please unsubscribe me",
            "Stop all",
            "opt out",
            "QUIT",
            "remove me from your mailing list",
            "Abmelden",
            "Bitte keine Nachrichten mehr",
            "darme de baja",
            "BAJA",
            "Désabonnez-moi",
            "ARRÊT",
            "Parar",
            "SAIR",
        ],
    );
    check(Question, &["Can you stop my order from shipping?", "stop the parcel", "end of season?"]);
}

#[test]
fn machines_are_recognised() {
    check(
        Automatic,
        &[
            "Automatic reply: Out of office",
            "I am currently out of the office until Monday.",
            "Delivery Status Notification (Failure)",
            "Undelivered Mail Returned to Sender",
            "This is an automatically generated message, please do not reply",
            "Abwesenheitsnotiz: Ich bin bis 5. Mai nicht im Büro",
            "Ihre Nachricht war unzustellbar",
            "Respuesta automática: estoy fuera de la oficina",
            "No se pudo entregar el mensaje al destinatario",
            "Réponse automatique : je suis absente jusqu'au 3 mai",
            "Échec de la remise du message",
            "Resposta automática: estou de férias até segunda",
            "Falha na entrega da mensagem",
            "Auto-Submitted: auto-replied",
            "Read receipt: your message was opened on Friday",
            "Recipient unknown: 550 5.1.1",
            "Lesebestätigung: Ihre Nachricht wurde am 4. Mai gelesen",
            "Confirmación de lectura",
            "Accusé de lecture",
            "Aviso de leitura: a mensagem foi lida",
            "I no longer work for this company",
        ],
    );
}

#[test]
fn spam_is_recognised_whole() {
    check(
        Spam,
        &[
            "We offer SEO services for your website",
            "Buy followers now",
            "You have won! Claim your prize",
            "Guaranteed profit with crypto trading",
            "Guest post on your blog with backlinks",
            "Earn 5000 dollars a week, work from home",
            "Suchmaschinenoptimierung für Ihre Website",
            "Sie haben gewonnen! Gewinn jetzt abholen",
            "Préstamos rápidos sin papeles",
            "Invertir en criptomonedas, ganancias garantizadas",
            "Offre de prêt rapide entre particuliers",
            "Vous avez gagné, réclamez votre cadeau",
            "Empréstimo rápido sem consulta",
            "Compre seguidores hoje",
            "We are a manufacturer of bags in Asia, see our price list",
            "Earn 900 dollars a day, no experience needed",
            "I am the widow of a minister and share my inheritance",
            "We sell positive reviews for shops",
            "Kredit ohne Bonität, antworten Sie mit JA",
            "Verdiene Geld von zuhause im Monat",
            "Préstamo sin aval, responda SÍ",
            "Somos fabricantes de bolsas",
            "Crédit sans justificatif, répondez OUI",
            "Empréstimo sem fiador",
        ],
    );
}

#[test]
fn nothing_to_read_is_unreadable() {
    check(
        Unreadable,
        &[
            "",
            "   \n\t ",
            "👍👍👍",
            "???",
            "!!!",
            "…",
            "❤️",
            "-",
            "🏔️ 🥾",
            ".,;:",
            "\u{202e}\u{200b}",
            "\0\u{7}",
            "hmm",
            "test",
            "haha",
            "asdfgh",
        ],
    );
}

#[test]
fn rules_route_and_escalate() {
    let rule = Rule {
        name: "press".into(),
        any: vec!["journalist".into(), "press enquiry".into()],
        topic: Some("press".into()),
        route: Some("office".into()),
        priority: Some(Priority::High),
        escalate: true,
    };
    let triage = read("I'm a JOURNALIST. Who may I call?", Lang::EN, &[rule]);
    assert_eq!(triage.topic.as_deref(), Some("press"));
    assert_eq!(triage.route.as_deref(), Some("office"));
    assert_eq!(triage.escalate_rule.as_deref(), Some("press"));
    assert_eq!(triage.priority, Priority::High);
}

#[test]
fn huge_and_hostile_messages_end_quickly() {
    let huge = [
        "a".repeat(100_000),
        "how are you? ".repeat(8_000),
        "please ".repeat(15_000),
        "?!.\n".repeat(25_000),
        "\u{202e}\u{0}é".repeat(30_000),
        "speak to ".repeat(12_000),
        "我".repeat(100_000),
    ];
    for text in huge {
        let triage = read(&text, Lang::EN, &[]);
        assert!(triage.questions.len() <= 5);
        assert!((0.0..=1.0).contains(&triage.lang_confidence));
    }
}

#[test]
fn the_same_text_gives_the_same_triage() {
    let text = "Hi, my order HO-48213 is late!! Can I cancel it? Also do you ship to Norway?";
    assert_eq!(read(text, Lang::EN, &[]), read(text, Lang::EN, &[]));
}

#[test]
fn a_turn_stays_in_the_language_of_its_conversation_and_else_of_its_inbox() {
    for (so_far, expected) in [(Some(Lang::ES), Lang::ES), (None, Lang::DE)] {
        let triage = assess(&turn("48213", so_far, Lang::DE), &[]);
        assert_eq!((triage.lang, triage.lang_confidence), (expected, 0.0));
    }
}

fn turn(body: &str, so_far: Option<Lang>, inbox_lang: Lang) -> Turn {
    let now = chrono::DateTime::UNIX_EPOCH;
    let conversation = Conversation {
        id: "c1".into(),
        lang: so_far,
        ..Conversation::begun("shop".into(), "p1".into(), now)
    };
    let message = Message {
        id: "m1".into(),
        conversation_id: "c1".into(),
        seq: 1,
        shown: Some(1),
        external_id: None,
        author: Author::Customer,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.to_owned(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: now,
        received_at: now,
    };
    let inbox = Inbox {
        name: "shop".into(),
        channel: ChannelKind::Api,
        mode: Mode::Auto,
        lang: inbox_lang,
        quiet_seconds: 2,
        quiet_cap_seconds: 15,
        tone: Tone::default(),
        hides_personal: true,
        most_automatic: None,
        confirms_opt_out: false,
    };
    let contact = Contact { id: "p1".into(), name: None, email: None };
    let (messages, history) = (vec![message], Vec::new());
    Turn { id: "t1".into(), conversation, inbox, contact, messages, history, due_at: now }
}

/// Text such as the reader may stumble over: runs of marks, apostrophes and words of the tables.
fn odd_text() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "[\\PC\n\t]{0,12}",
        "['’`´.,;:!?¿¡…\\-]{1,40}",
        "[ \n\u{200b}]{1,5}",
        prop::sample::select(vec![
            "and ",
            "how ",
            "can I ",
            "it ",
            "I'm ",
            "we're ",
            "thanks ",
            "hi ",
            "also ",
            "HO-4821 ",
            "und ",
            "wie ",
            "y ",
            "¿qué ",
            "est-ce que ",
            "l'",
            "por favor ",
            "please ",
            "to ",
            "a ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_to_its_end_and_a_question_has_words(text in odd_text()) {
        let triage = read(&text, Lang::EN, &[]);
        prop_assert_eq!(triage.intent == Question && triage.questions.is_empty(), false);
        prop_assert!(triage.questions.iter().all(|question| !question.trim().is_empty()));
        prop_assert!(triage.questions.len() <= 5);
    }
}

#[test]
fn work_grows_no_faster_than_the_text() {
    for part in [
        "'",
        "’s",
        "?!",
        "...",
        "how are you ",
        "please ",
        "and can I ",
        "thanks and hi ",
        "speak to a real ",
        "has my order ",
        "could you tell me if my ",
        "was the very ",
        "rude ",
        "ok. ",
        "agent please. I. ",
        "how to complain about ",
    ] {
        let short = steps(&part.repeat(1_000 / part.chars().count()));
        let long = steps(&part.repeat(4_000 / part.chars().count()));
        assert!(long <= short.max(1_000) * 5, "{part}: {short} steps, then {long}");
    }
}

fn steps(text: &str) -> usize {
    let before = STEPS.get();
    read(text, Lang::EN, &[]);
    STEPS.get() - before
}
