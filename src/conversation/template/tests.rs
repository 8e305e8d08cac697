//! Templates as Meta lists them: what is read, what is asked for, what is filled in.

use super::{
    FilledPart, FilledValue, Place, Template, TemplateCategory, TemplateState, Unfit, ValueKind,
    WrongValue,
};
use serde_json::{Value, json};

fn listed(components: &Value) -> Template {
    let it = json!({
        "id": "594425479261596", "name": "order_ready", "language": "en_US", "status": "APPROVED",
        "category": "UTILITY", "quality_score": { "score": "GREEN" }, "components": components,
    });
    Template::read(&"wa".into(), &it).expect("it has a name")
}

fn body(text: &str) -> Template {
    listed(&json!([{ "type": "BODY", "text": text }]))
}

fn values(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn full() -> Template {
    listed(&json!([
        { "type": "HEADER", "format": "TEXT", "text": "Order {{1}}",
          "example": { "header_text": ["A-1"] } },
        { "type": "BODY", "text": "Hello {{1}}, come by {{2}}. Thank you, {{1}}!",
          "example": { "body_text": [["Anna", "Friday"]] } },
        { "type": "FOOTER", "text": "Hill Street Bikes" },
        { "type": "BUTTONS", "buttons": [
            { "type": "QUICK_REPLY", "text": "I will come" },
            { "type": "URL", "text": "Track", "url": "https://shop.example/o/{{1}}",
              "example": ["https://shop.example/o/77"] },
            { "type": "PHONE_NUMBER", "text": "Call", "phone_number": "+4930123" },
            { "type": "COPY_CODE", "example": "SPRING" },
            { "type": "FLOW", "text": "Rate us", "flow_id": "1" },
        ] },
    ]))
}

#[test]
fn what_meta_lists_is_read() {
    let it = full();
    assert_eq!(
        (it.category, it.state, it.quality.as_deref(), it.is_named),
        (TemplateCategory::Utility, TemplateState::Approved, Some("green"), false)
    );
    let asked: Vec<_> =
        it.variables().into_iter().map(|it| (it.name, it.example.unwrap_or_default())).collect();
    let wanted = [
        ("header.1", "A-1"),
        ("1", "Anna"),
        ("2", "Friday"),
        ("button.1.1", "77"),
        ("button.3.code", "SPRING"),
    ];
    assert_eq!(asked, values(&wanted));
    for (listed, category, state) in [
        (json!({}), TemplateCategory::Other, TemplateState::Other),
        (
            json!({ "category": "MARKETING", "status": "PAUSED" }),
            TemplateCategory::Marketing,
            TemplateState::Paused,
        ),
        (
            json!({ "category": "TRANSACTIONAL", "status": "PENDING_DELETION" }),
            TemplateCategory::Other,
            TemplateState::Disabled,
        ),
        (
            json!({ "category": "AUTHENTICATION", "status": "IN_APPEAL" }),
            TemplateCategory::Authentication,
            TemplateState::Pending,
        ),
    ] {
        let mut it = listed.clone();
        it["name"] = json!("n");
        it["language"] = json!("de");
        let read = Template::read(&"wa".into(), &it).expect("it has a name");
        assert_eq!((read.category, read.state), (category, state), "{listed}");
        assert!(!read.is_offered(), "without words there is nothing to send");
    }
    for broken in [json!({}), json!({ "name": "n" }), json!({ "name": 7, "language": "de" })] {
        assert_eq!(Template::read(&"wa".into(), &broken), None, "{broken}");
    }
}

#[test]
fn what_cannot_be_filled_in_is_not_offered() {
    let with = |component: Value| listed(&json!([{ "type": "BODY", "text": "Hi" }, component]));
    let button = |kind: &str| {
        with(json!({ "type": "BUTTONS", "buttons": [{ "type": kind, "text": "Press" }] }))
    };
    for (template, unfit) in [
        (with(json!({ "type": "HEADER", "format": "LOCATION" })), Unfit::Location),
        (with(json!({ "type": "HEADER", "format": "PRODUCT" })), Unfit::Catalogue),
        (with(json!({ "type": "HEADER", "format": "HOLOGRAM" })), Unfit::Unknown),
        (with(json!({ "type": "CAROUSEL", "cards": [] })), Unfit::Carousel),
        (with(json!({ "type": "LIMITED_TIME_OFFER" })), Unfit::Offer),
        (with(json!({ "type": "TELEPATHY" })), Unfit::Unknown),
        (with(json!(7)), Unfit::Unknown),
        (button("OTP"), Unfit::OneTimeCode),
        (button("MPM"), Unfit::Catalogue),
        (button("VOICE_CALL"), Unfit::Unknown),
        (listed(&json!([])), Unfit::Unknown),
    ] {
        assert_eq!(template.parts.unfit, Some(unfit));
        assert!(!template.is_offered());
        assert_eq!(template.fill(&[]), Err(WrongValue::Unfit));
    }
    for word in ["FLOW", "QUICK_REPLY", "PHONE_NUMBER", "COPY_CODE"] {
        assert!(button(word).is_offered(), "{word}");
    }
}

#[test]
fn a_template_that_is_filled_in_reads_as_the_customer_will_read_it() {
    let given = values(&[
        ("1", " Anna "),
        ("2", "on Friday"),
        ("header.1", "A-7"),
        ("button.1.1", "77?x=1"),
        ("button.3.code", "SPRING"),
    ]);
    let filled = full().fill(&given).expect("all is given");
    assert_eq!(
        filled.text,
        "Order A-7\n\nHello Anna, come by on Friday. Thank you, Anna!\n\nHill Street Bikes\n\n\
         [I will come]\n[Track] https://shop.example/o/77?x=1\n[Call] +4930123\n[] SPRING\n[Rate us]"
    );
    let value = |kind, value: &str| FilledValue { name: None, kind, value: value.into() };
    let part = |place, values| FilledPart { place, values };
    assert_eq!(
        filled.parts,
        [
            part(Place::Header, vec![value(ValueKind::Text, "A-7")]),
            part(
                Place::Body,
                vec![value(ValueKind::Text, "Anna"), value(ValueKind::Text, "on Friday")]
            ),
            part(Place::Button(1), vec![value(ValueKind::UrlEnd, "77?x=1")]),
            part(Place::Button(3), vec![value(ValueKind::Code, "SPRING")]),
            part(Place::Button(4), vec![value(ValueKind::Form, "")]),
        ]
    );
}

#[test]
fn named_variables_keep_their_names() {
    let mut it = listed(&json!([{ "type": "BODY", "text": "Hi {{first_name}}",
        "example": { "body_text_named_params": [{ "param_name": "first_name", "example": "Ben" }] } }]));
    it.is_named = true;
    assert_eq!(it.variables()[0].example.as_deref(), Some("Ben"));
    let filled = it.fill(&values(&[("first_name", "Zoë")])).expect("all is given");
    assert_eq!(filled.text, "Hi Zoë");
    assert_eq!(filled.parts[0].values[0].name.as_deref(), Some("first_name"));
}

#[test]
fn wrong_values_are_named() {
    let long = "a".repeat(1_024);
    let missing = |name: &str| WrongValue::Missing(name.into());
    let broken = || WrongValue::Broken("1".into());
    for (given, wrong) in [
        (vec![], missing("1")),
        (vec![("1", " \t ")], missing("1")),
        (vec![("1", "a\nb")], broken()),
        (vec![("1", "a\tb")], broken()),
        (vec![("1", "a    b")], broken()),
        (vec![("1", "a"), ("2", "b")], WrongValue::Unknown("2".into())),
        (vec![("1", long.as_str())], WrongValue::TooLong("1".into(), 1_024)),
    ] {
        assert_eq!(body("Hi {{1}}").fill(&values(&given)), Err(wrong), "{given:?}");
    }
    assert!(body("Hi {{1}}").fill(&values(&[("1", "a   b مرحبا 🚲")])).is_ok());
    let file = listed(
        &json!([{ "type": "HEADER", "format": "DOCUMENT" }, { "type": "BODY", "text": "x" }]),
    );
    for (link, is_good) in [
        ("https://shop.example/a.pdf", true),
        ("http://shop.example/a.pdf", false),
        ("a.pdf", false),
        ("javascript:alert(1)", false),
    ] {
        let filled = file.fill(&values(&[("header.document", link)]));
        assert_eq!(filled.is_ok(), is_good, "{link}");
    }
    let button = |kind: &str| {
        listed(&json!([{ "type": "BODY", "text": "x" }, { "type": "BUTTONS", "buttons": [
            { "type": kind, "text": "t", "url": "https://shop.example/{{1}}" }] }]))
    };
    let url = button("URL").fill(&values(&[("button.0.1", "a b")]));
    assert_eq!(url, Err(WrongValue::NoUrlEnd("button.0.1".into())));
    let code = button("COPY_CODE").fill(&values(&[("button.0.code", "0123456789abcdef")]));
    assert_eq!(code, Err(WrongValue::TooLong("button.0.code".into(), 15)));
    let header = listed(&json!([{ "type": "HEADER", "format": "TEXT", "text": "For {{1}}" },
        { "type": "BODY", "text": "x" }]));
    let header = header.fill(&values(&[("header.1", &long[..60])]));
    assert_eq!(header, Err(WrongValue::TooLong("header.1".into(), 60)));
}

#[test]
fn only_what_is_a_variable_is_one() {
    for (text, names) in [
        ("{{1}} {{ 2 }} {{1}}", vec!["1", "2"]),
        ("{{}} {{a b}} {{", vec![]),
        ("{1} {{{3}}", vec![]),
        ("é{{ok_1}}é", vec!["ok_1"]),
    ] {
        assert_eq!(super::names(text), names, "{text}");
    }
}
