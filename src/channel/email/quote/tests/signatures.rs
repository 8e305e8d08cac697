//! Signatures go by their marks, and by nothing that a letter may hold.

use super::check;

#[test]
fn signature_goes_by_its_mark() {
    for mark in ["-- ", "--", " --", "________________", "ᐧ\n--"] {
        check(&format!("It is late.\n\n{mark}\nBo Berg\nHill Street 1\n"), "It is late.");
        let quoted =
            format!("It is late.\n{mark}\nBo Berg\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n> When?");
        check(&quoted, "It is late.");
    }
    check("It is late.\n\n---\nBo Berg\nhttps://bo.example", "It is late.");
    check("It is late.\n***\n", "It is late.");
}

#[test]
fn letter_goes_on_below_a_line_that_only_divides() {
    for line in ["---", "***", "=====", "~~~~", "####", "———"] {
        let mail = format!("My order:\n{line}\n2 chairs\n1 table\n{line}\nWhen does it come?");
        check(&mail, &mail);
    }
    let long = format!(
        "It is late.\n--\n{}",
        "And here is one more thing that I have to say.\n".repeat(40)
    );
    check(&long, long.trim());
    let parted = "Two things are missing:\n--\nItem A\n--\nItem B\nWhere are they?";
    check(parted, parted);
    check("This -- I think -- is wrong.", "This -- I think -- is wrong.");
}

#[test]
fn sign_offs_stay() {
    for end in
        ["Kind regards\nBo", "Viele Grüße,\nBo", "Cordialement,\nBo", "— Bo", "С уважением,\nБо"]
    {
        check(&format!("It is late.\n\n{end}"), &format!("It is late.\n\n{end}"));
    }
}

#[test]
fn lines_that_devices_add_go() {
    let lines = [
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from Outlook for iOS<https://aka.example/x>",
        "Get Outlook for Android",
        "Sent from Mail for Windows 10",
        "Sent with Proton Mail secure email.",
        "Sent via mobile",
        "(sent from a phone)",
        "<<sent by galaxy>>",
        "From my iPhone 6",
        "Bo from mobile",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon appareil mobile",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn mobiel",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
        "Odesláno z iPhonu",
        "Odoslané z iPhonu",
        "Elküldve az iPhone-omról",
        "Trimis de pe iPhone-ul meu",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "Στάλθηκε από το iPhone μου",
        "iPhone'umdan gönderildi",
        "أرسلت من الـ iPhone",
        "נשלח מה-iPhone שלי",
        "Đã gửi từ iPhone của tôi",
        "Dikirim dari iPhone saya",
        "ส่งจาก iPhone ของฉัน",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
    ];
    for line in lines {
        check(&format!("It is late.\n\n{line}"), "It is late.");
        check(
            &format!("It is late.\n{line}\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n> When?"),
            "It is late.",
        );
    }
}

#[test]
fn sentences_about_sending_stay() {
    let sentences = [
        "Sent from my desk, so the parcel should be with you.",
        "Sent by DHL",
        "From my point of view it is late",
        "Sent with care",
        "Sent from Berlin on 2 March 2026",
        "Gesendet von Berlin am 2.3.2026",
    ];
    for sentence in sentences {
        let mail = format!("Hello,\n\n{sentence}\n\nWhere is it?");
        check(&mail, &mail);
    }
}

#[test]
fn disclaimers_go_from_the_end() {
    let notices = [
        "This e-mail and any files with it are confidential and meant for the person they are addressed to. If you are not that person, please delete it.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie bitte diese E-Mail und sagen Sie es uns.",
        "Ce message et les pièces jointes sont confidentiels et établis à l'intention exclusive de leurs destinataires. Merci de le détruire.",
        "Este mensaje y sus adjuntos son confidenciales y van dirigidos solo a su destinatario; si lo recibió por error, bórrelo, por favor.",
        "Please consider the environment before printing this e-mail.",
    ];
    for notice in notices {
        check(&format!("It is late.\n\nBo\n\n{notice}\n"), "It is late.\n\nBo");
        check(notice, notice);
        let mail = format!("{notice}\n\nThat stood in your mail. Why?");
        check(&mail, &mail);
    }
    check(
        "This message is confidential: my neighbour took the parcel.",
        "This message is confidential: my neighbour took the parcel.",
    );
}
