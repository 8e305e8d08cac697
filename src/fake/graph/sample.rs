//! The templates that the fake account has to begin with.

use serde_json::{Value, json};

/// Templates such as a shop has, in several languages, one of them paused and one that is none to fill in.
pub fn sample_templates() -> Vec<Value> {
    let of = |name: &str, lang: &str, category: &str, components: Value| {
        json!({ "id": format!("{name}.{lang}"), "name": name, "language": lang, "status": "APPROVED",
            "category": category, "quality_score": { "score": "GREEN" }, "components": components })
    };
    let ready = |lang: &str, header: &str, body: &str, yes: &str, later: &str| {
        let mut it = of(
            "order_ready",
            lang,
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "TEXT", "text": header,
                  "example": { "header_text": ["HSB-2041"] } },
                { "type": "BODY", "text": body,
                  "example": { "body_text_named_params": [
                      { "param_name": "first_name", "example": "Anna" },
                      { "param_name": "until", "example": "Friday, 18:00" }] } },
                { "type": "FOOTER", "text": "Hill Street Bikes" },
                { "type": "BUTTONS", "buttons": [
                    { "type": "QUICK_REPLY", "text": yes }, { "type": "QUICK_REPLY", "text": later },
                ] },
            ]),
        );
        it["parameter_format"] = json!("NAMED");
        it
    };
    let mut all = vec![
        ready(
            "en_US",
            "Your order is ready",
            "Hello {{first_name}}, your order is ready. You can pick it up until {{until}}.",
            "I am on my way",
            "Another day, please",
        ),
        ready(
            "de",
            "Ihre Bestellung ist da",
            "Hallo {{first_name}}, Ihre Bestellung liegt bereit. Sie können sie bis {{until}} abholen.",
            "Ich komme vorbei",
            "Lieber an einem anderen Tag",
        ),
        of(
            "ask_again",
            "en_US",
            "UTILITY",
            json!([
                { "type": "BODY",
                  "text": "Hello {{1}}, we have news about your question on {{2}}. May we tell you here?",
                  "example": { "body_text": [["Anna", "your brake pads"]] } },
                { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Yes, please" }] },
            ]),
        ),
        of(
            "track_parcel",
            "en_US",
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "DOCUMENT" },
                { "type": "BODY", "text": "Your parcel {{1}} is on its way.", "example": { "body_text": [["77-12"]] } },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "Follow it", "url": "https://parcels.example/{{1}}",
                      "example": ["https://parcels.example/77-12"] }] },
            ]),
        ),
        of(
            "spring_sale",
            "en_US",
            "MARKETING",
            json!([
                { "type": "BODY", "text": "Spring is here: 10 % off all tyres until Sunday." },
                { "type": "BUTTONS", "buttons": [{ "type": "COPY_CODE", "text": "Copy code", "example": "SPRING10" }] },
            ]),
        ),
        of(
            "visit_us",
            "en_US",
            "MARKETING",
            json!([
                { "type": "HEADER", "format": "LOCATION" }, { "type": "BODY", "text": "Here we are." },
            ]),
        ),
        of(
            "winter_check",
            "fr",
            "MARKETING",
            json!([
                { "type": "BODY", "text": "Bonjour {{1}}, pensez à la révision d'hiver de votre vélo.",
                  "example": { "body_text": [["Anna"]] } },
            ]),
        ),
    ];
    if let Some(last) = all.last_mut() {
        last["status"] = json!("PAUSED");
        last["quality_score"] = json!({ "score": "RED" });
    }
    all
}
