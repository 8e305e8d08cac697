//! What announces a quote is known in each language, and sentences that look like it are not.

use super::{check, strip};

/// How programs announce a quote.
const INTROS: &[&str] = &[
    // English
    "On Mon, Mar 2, 2026 at 9:15 AM Ann Lee <ann@shop.example> wrote:",
    "On Monday, March 2nd, 2026 at 9:15 AM, Ann Lee <ann@shop.example> wrote:",
    "On 2 Mar 2026, 09:15 +0100, Ann Lee <ann@shop.example>, wrote:",
    "On 02/03/2026 09:15, Ann Lee wrote:",
    "At 2026-03-02 09:15:00, \"Ann Lee\" <ann@shop.example> wrote:",
    "---- On Mon, 02 Mar 2026 09:15:00 +0100 Ann Lee <ann@shop.example> wrote ----",
    "Ann Lee <ann@shop.example> wrote:",
    "On Mon, Mar 2, 2026 at 9:15 AM A Person With A Rather Long Name <\na.person@shop.example> wrote:",
    "On Mon, Mar 2, 2026 at 9:15 AM\nAnn Lee <ann@shop.example>\nwrote:",
    // German
    "Am Mo., 2. März 2026 um 09:15 Uhr schrieb Ann Lee <ann@shop.example>:",
    "Am 02.03.26 um 09:15 schrieb Ann Lee:",
    "Am 02.03.2026 um 09:15 schrieb Ann Lee <\nann@shop.example>:",
    "Ann Lee <ann@shop.example> schrieb am Mo., 2. März 2026, 09:15:",
    "Ann Lee <ann@shop.example> hat am 02.03.2026 09:15 geschrieben:",
    // French, Spanish, Catalan, Italian, Portuguese, Romanian
    "Le lun. 2 mars 2026 à 09:15, Ann Lee <ann@shop.example> a écrit :",
    "Le 02/03/2026 à 09:15, Ann Lee a écrit\u{a0}:",
    "Le lun. 2 mars 2026 à 09:15, Ann Lee <ann@shop.example> a\nécrit :",
    "El lun, 2 mar 2026 a las 9:15, Ann Lee (<ann@shop.example>) escribió:",
    "El 2/3/26 a las 9:15, Ann Lee escribió:",
    "Missatge de Ann Lee <ann@shop.example> del dia dl., 2 de març 2026 a les 9:15:",
    "Il giorno lun 2 mar 2026 alle ore 09:15 Ann Lee <ann@shop.example> ha scritto:",
    "Il 02/03/2026 09:15, Ann Lee ha scritto:",
    "Em seg., 2 de mar. de 2026 às 09:15, Ann Lee <ann@shop.example> escreveu:",
    "Ann Lee <ann@shop.example> escreveu no dia segunda, 2/03/2026 à(s) 09:15:",
    "În lun., 2 mar. 2026 la 09:15, Ann Lee <ann@shop.example> a scris:",
    // Dutch, Swedish, Norwegian, Danish, Finnish
    "Op ma 2 mrt 2026 om 09:15 schreef Ann Lee <ann@shop.example>:",
    "Op 2 mrt. 2026, om 09:15 heeft Ann Lee <ann@shop.example> het volgende geschreven:",
    "Den mån 2 mars 2026 kl 09:15 skrev Ann Lee <ann@shop.example>:",
    "2 mars 2026 kl. 09:15 skrev Ann Lee <ann@shop.example>:",
    "man. 2. mars 2026 kl. 09:15 skrev Ann Lee <ann@shop.example>:",
    "Den man. 2. mar. 2026 kl. 09.15 skrev Ann Lee <ann@shop.example>:",
    "ma 2. maalisk. 2026 klo 9.15 Ann Lee (ann@shop.example) kirjoitti:",
    // Estonian, Latvian, Lithuanian
    "Ann Lee <ann@shop.example> kirjutas kuupäeval E, 2. märts 2026 kell 09:15:",
    "pirmd., 2026. g. 2. marts, plkst. 09:15 — lietotājs Ann Lee (<ann@shop.example>) rakstīja:",
    "2026-03-02, pr, 09:15 Ann Lee <ann@shop.example> rašė:",
    // Polish, Czech, Slovak, Hungarian, Slovenian, Croatian
    "pon., 2 mar 2026 o 09:15 Ann Lee <ann@shop.example> napisał(a):",
    "W dniu 2.03.2026 o 09:15, Ann Lee pisze:",
    "po 2. 3. 2026 v 9:15 odesílatel Ann Lee <ann@shop.example> napsal:",
    "Dne 2. 3. 2026 v 9:15 Ann Lee napsal(a):",
    "po 2. 3. 2026 o 9:15 Ann Lee <ann@shop.example> napísal(a):",
    "Ann Lee <ann@shop.example> ezt írta (időpont: 2026. márc. 2., H, 9:15):",
    "V pon., 2. mar. 2026 ob 09:15 je oseba Ann Lee <ann@shop.example> napisala:",
    "pon, 2. ožu 2026. u 09:15 Ann Lee <ann@shop.example> napisao je:",
    // Russian, Ukrainian, Bulgarian, Serbian, Greek, Turkish
    "пн, 2 мар. 2026 г. в 09:15, Ann Lee <ann@shop.example>:",
    "Понедельник, 2 марта 2026, 9:15 +03:00 от Ann Lee <ann@shop.example>:",
    "понедельник, 2 марта 2026 г. пользователь ann написал:",
    "2 марта 2026 г. 9:15 пользователь \"Ann Lee\" <ann@shop.example> написал:",
    "пн, 2 бер. 2026 р. о 09:15 Ann Lee <ann@shop.example> пише:",
    "На пн, 2.03.2026 г. в 9:15 ч. Ann Lee <ann@shop.example> написа:",
    "пон, 2. мар 2026. у 09:15 Ann Lee <ann@shop.example> је написао/ла:",
    "Στις Δευ 2 Μαρ 2026 στις 9:15 π.μ., ο χρήστης Ann Lee <ann@shop.example> έγραψε:",
    "Ann Lee <ann@shop.example>, 2 Mar 2026 Pzt, 09:15 tarihinde şunu yazdı:",
    // Written from right to left
    "\u{202b}בתאריך יום ב׳, 2 במרץ 2026 ב-9:15 מאת \u{202a}Ann Lee\u{202c}\u{200f} <\u{202a}ann@shop.example\u{202c}\u{200f}>:\u{202c}",
    "ב-2 במרץ 2026, בשעה 9:15, ‏Ann Lee <ann@shop.example> כתב/ה:",
    "في الاثنين، ٢ مارس ٢٠٢٦ في ٩:١٥ ص تمت كتابة ما يلي بواسطة \u{202a}Ann Lee\u{202c}\u{200f} <\u{202a}ann@shop.example\u{202c}\u{200f}>:",
    "در تاریخ دوشنبه ۲ مارس ۲۰۲۶ ساعت ۹:۱۵ Ann Lee <ann@shop.example> نوشت:",
    // Asia
    "सोम, 2 मार्च 2026 को 9:15 am बजे को Ann Lee <ann@shop.example> ने लिखा:",
    "Vào Th 2, 2 thg 3, 2026 vào lúc 09:15 Ann Lee <ann@shop.example> đã viết:",
    "Pada tanggal Sen, 2 Mar 2026 pukul 09.15 Ann Lee <ann@shop.example> menulis:",
    "ในวันที่ จ. 2 มี.ค. 2026 เวลา 09:15 Ann Lee <ann@shop.example> เขียนว่า:",
    "Ann Lee <ann@shop.example> 于2026年3月2日周一 09:15写道：",
    "在 2026年3月2日，上午9:15，Ann Lee <ann@shop.example> 写道：",
    "Ann Lee <ann@shop.example> 於 2026年3月2日 週一 上午9:15寫道：",
    "2026年3月2日(月) 9:15 Ann Lee <ann@shop.example>:",
    "2026/03/02 9:15、Ann Lee <ann@shop.example>のメール:",
    "2026년 3월 2일 (월) 오전 9:15, Ann Lee <ann@shop.example>님이 작성:",
];

#[test]
fn quotes_are_known_by_what_announces_them() {
    for intro in INTROS {
        check(
            &format!("Thank you, it works.\n\n{intro}\n\n> Did you\n> try it?\n"),
            "Thank you, it works.",
        );
        check(
            &format!("Thank you, it works.\n{intro}\nDid you try it?\n\nAnn\n"),
            "Thank you, it works.",
        );
        check(&format!("{intro}\n> Did you try it?\n\nYes, I did."), "Yes, I did.");
    }
}

/// The head of a quoted mail as Outlook and its kin write it.
const BLOCKS: &[[&str; 4]] = &[
    [
        "From: Ann <ann@shop.example>",
        "Sent: Monday, March 2, 2026 9:15 AM",
        "To: Bo",
        "Subject: Your order",
    ],
    [
        "*From:* Ann <ann@shop.example>",
        "*Sent:* Monday, March 2, 2026",
        "*To:* Bo",
        "*Subject:* Your order",
    ],
    [
        "Von: Ann <ann@shop.example>",
        "Gesendet: Montag, 2. März 2026 09:15",
        "An: Bo",
        "Betreff: Ihre Bestellung",
    ],
    [
        "Gesendet: Montag, 02. März 2026 um 09:15 Uhr",
        "Von: ann@shop.example",
        "An: Bo",
        "Betreff: Ihre Bestellung",
    ],
    [
        "De : Ann <ann@shop.example>",
        "Envoyé : lundi 2 mars 2026 09:15",
        "À : Bo",
        "Objet : Votre commande",
    ],
    [
        "De: Ann <ann@shop.example>",
        "Enviado el: lunes, 2 de marzo de 2026 9:15",
        "Para: Bo",
        "Asunto: Su pedido",
    ],
    [
        "De: Ann <ann@shop.example>",
        "Enviada em: segunda-feira, 2 de março de 2026",
        "Para: Bo",
        "Assunto: Pedido",
    ],
    [
        "Da: Ann <ann@shop.example>",
        "Inviato: lunedì 2 marzo 2026 09:15",
        "A: Bo",
        "Oggetto: Ordine",
    ],
    [
        "Van: Ann <ann@shop.example>",
        "Verzonden: maandag 2 maart 2026 09:15",
        "Aan: Bo",
        "Onderwerp: Bestelling",
    ],
    [
        "Från: Ann <ann@shop.example>",
        "Skickat: den 2 mars 2026 09:15",
        "Till: Bo",
        "Ämne: Beställning",
    ],
    ["Fra: Ann <ann@shop.example>", "Sendt: 2. marts 2026 09:15", "Til: Bo", "Emne: Bestilling"],
    [
        "Lähettäjä: Ann <ann@shop.example>",
        "Lähetetty: 2. maaliskuuta 2026",
        "Vastaanottaja: Bo",
        "Aihe: Tilaus",
    ],
    [
        "Od: Ann <ann@shop.example>",
        "Wysłano: poniedziałek, 2 marca 2026",
        "Do: Bo",
        "Temat: Zamówienie",
    ],
    [
        "Od: Ann <ann@shop.example>",
        "Odesláno: pondělí 2. března 2026",
        "Komu: Bo",
        "Předmět: Objednávka",
    ],
    [
        "Feladó: Ann <ann@shop.example>",
        "Elküldve: 2026. március 2.",
        "Címzett: Bo",
        "Tárgy: Rendelés",
    ],
    [
        "De la: Ann <ann@shop.example>",
        "Trimis: luni, 2 martie 2026",
        "Către: Bo",
        "Subiect: Comanda",
    ],
    ["От: Ann <ann@shop.example>", "Отправлено: 2 марта 2026 г. 9:15", "Кому: Bo", "Тема: Заказ"],
    ["Від: Ann <ann@shop.example>", "Надіслано: 2 березня 2026", "Кому: Bo", "Тема: Замовлення"],
    [
        "Από: Ann <ann@shop.example>",
        "Στάλθηκε: Δευτέρα, 2 Μαρτίου 2026",
        "Προς: Bo",
        "Θέμα: Παραγγελία",
    ],
    [
        "Kimden: Ann <ann@shop.example>",
        "Gönderildi: 2 Mart 2026 Pazartesi",
        "Kime: Bo",
        "Konu: Sipariş",
    ],
    ["מאת: Ann <ann@shop.example>", "נשלח: יום שני 2 מרץ 2026", "אל: Bo", "נושא: הזמנה"],
    ["من: Ann <ann@shop.example>", "تاريخ الإرسال: 2 مارس 2026", "إلى: Bo", "الموضوع: طلب"],
    ["发件人: Ann <ann@shop.example>", "发送时间: 2026年3月2日 9:15", "收件人: Bo", "主题: 订单"],
    [
        "寄件者： Ann <ann@shop.example>",
        "寄件日期： 2026年3月2日 9:15",
        "收件者： Bo",
        "主旨： 訂單",
    ],
    ["差出人: Ann <ann@shop.example>", "送信日時: 2026年3月2日 9:15", "宛先: Bo", "件名: 注文"],
    [
        "보낸 사람: Ann <ann@shop.example>",
        "보낸 날짜: 2026년 3월 2일",
        "받는 사람: Bo",
        "제목: 주문",
    ],
];

#[test]
fn heads_of_quoted_mails_are_known() {
    for block in BLOCKS {
        let close = block.join("\n");
        let apart = block.join("\n\n");
        for head in [close, apart] {
            let old = "Your order is late.\n\nAnn";
            check(&format!("Please cancel it.\n\n{head}\n\n{old}"), "Please cancel it.");
            check(
                &format!("Please cancel it.\n________________________________\n{head}\n\n{old}"),
                "Please cancel it.",
            );
            check(
                &format!("Please cancel it.\n\n-----Nachrichtenkopf-----\n{head}\n\n{old}"),
                "Please cancel it.",
            );
        }
    }
}

#[test]
fn long_lists_of_recipients_do_not_hide_a_head() {
    let head = "From: Ann <ann@shop.example>\nSent: Monday, March 2, 2026 9:15 AM\nTo: Bo <bo@shop.example>;\n \
                Cy <cy@shop.example>;\n Di <di@shop.example>\nSubject: Your order";
    check(&format!("Please cancel it.\n\n{head}\n\nIt is late."), "Please cancel it.");
}

#[test]
fn marks_between_dashes_are_known() {
    let marks = [
        "-----Original Message-----",
        "*-------- Original Message --------*",
        "------- Reply message -------",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Mensagem original-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "-----Alkuperäinen viesti-----",
        "-----Wiadomość oryginalna-----",
        "-----Исходное сообщение-----",
        "-----Původní zpráva-----",
        "-----Eredeti üzenet-----",
        "-----Orijinal Mesaj-----",
        "------------------ 原始邮件 ------------------",
        "-----元のメッセージ-----",
        "-----원본 메시지-----",
        "-----הודעה מקורית-----",
        "-----الرسالة الأصلية-----",
    ];
    for mark in marks {
        check(&format!("Thanks!\n\n{mark}\n\nDid it help?"), "Thanks!");
    }
}

#[test]
fn what_is_passed_on_is_told_apart_from_what_is_answered() {
    let marks = [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "---------- Weitergeleitete Nachricht ----------",
        "Anfang der weitergeleiteten Nachricht:",
        "---------- Message transféré ---------",
        "Début du message réexpédié :",
        "---------- Mensaje reenviado ---------",
        "Inicio del mensaje reenviado:",
        "---------- Messaggio inoltrato ---------",
        "---------- Doorgestuurd bericht ---------",
        "---------- Пересылаемое сообщение ---------",
        "---------- 转发的邮件 ---------",
        "---------- 転送されたメッセージ ----------",
        "---------- 전달된 메시지 ----------",
    ];
    for mark in marks {
        let passed_on = format!(
            "{mark}\nFrom: Ann <ann@shop.example>\nSubject: Bill\n\nPlease pay.\n\n-- \nAnn"
        );
        let stripped = strip(&format!("What is this bill?\n\n{passed_on}"));
        assert_eq!(stripped.kept, "What is this bill?", "{mark}");
        assert_eq!(stripped.forwarded.as_deref(), Some(passed_on.as_str()));
        assert_eq!(stripped.removed, []);
        check(&passed_on, &passed_on);
    }
    let quoted =
        strip("See below.\n\n> Begin forwarded message:\n>\n> From: Ann\n>\n> Please pay.");
    assert!(quoted.forwarded.is_some_and(|mail| mail.ends_with("> Please pay.")));
}

#[test]
fn sentences_of_the_writer_announce_nothing() {
    let sentences = [
        "On Monday I wrote to you about order 2026.\n\nNobody answered.",
        "On 2 March 2026 at 9:15 I wrote:\n\nmy order is late.",
        "In May 2026 you wrote:\nwe will call you.",
        "Am 2. März 2026 um 9:15 habe ich bestellt:\n\nzwei Stühle.",
        "El 2 de marzo de 2026 compré:\n\nuna silla.",
        "On our side the following fails:\n\ncurl http://127.0.0.1:8080",
        "From: Berlin\nTo: Paris\nDate: 2 March\n\nis what I want to book.",
        "From: what I see, it is broken.\n\nPlease help.",
        "Call me at 10:15 or write to bo@home.example:\n\nI am at home.",
        "Subject: my order\n\nIt is late.",
        "I ordered on 2 March 2026 at 9:15 and Ann <ann@shop.example> wrote:\n\"It comes.\"",
        "2026-03-02 09:15:00 failed for <bo@home.example>\n2026-03-02 09:15:01 failed\n\nWhat now?",
        "| size | price |\n| 1 | 2 |",
        "A > B and B < C\n\nHow can that be?",
    ];
    for sentence in sentences {
        check(sentence, sentence);
        check(&format!("Hello,\n\n{sentence}"), &format!("Hello,\n\n{sentence}"));
    }
}
