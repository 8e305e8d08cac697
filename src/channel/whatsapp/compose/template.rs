//! A filled template as Meta takes it (Meta, Cloud API, "Template messages").

use crate::conversation::{FilledPart, FilledTemplate, FilledValue, HeaderFile, Place, ValueKind};
use serde_json::{Map, Value, json};

/// The `template` of a request.
pub(in crate::channel::whatsapp) fn template(filled: &FilledTemplate) -> Value {
    let mut it = Map::new();
    it.insert("name".into(), json!(filled.name));
    it.insert("language".into(), json!({ "code": filled.lang }));
    if !filled.parts.is_empty() {
        it.insert("components".into(), filled.parts.iter().map(component).collect());
    }
    Value::Object(it)
}

fn component(part: &FilledPart) -> Value {
    let parameters: Value = part.values.iter().map(parameter).collect();
    match part.place {
        Place::Header => json!({ "type": "header", "parameters": parameters }),
        Place::Body => json!({ "type": "body", "parameters": parameters }),
        Place::Button(at) => json!({
            "type": "button",
            "sub_type": sub_type(part),
            "index": at.to_string(),
            "parameters": parameters,
        }),
    }
}

fn sub_type(part: &FilledPart) -> &'static str {
    match part.values.first().map(|value| value.kind) {
        Some(ValueKind::Code) => "copy_code",
        Some(ValueKind::Form) => "flow",
        Some(ValueKind::Text | ValueKind::File(_) | ValueKind::UrlEnd) | None => "url",
    }
}

fn parameter(value: &FilledValue) -> Value {
    let words = &value.value;
    match value.kind {
        ValueKind::Text | ValueKind::UrlEnd => {
            let mut it = Map::new();
            it.insert("type".into(), json!("text"));
            if let Some(name) = &value.name {
                it.insert("parameter_name".into(), json!(name));
            }
            it.insert("text".into(), json!(words));
            Value::Object(it)
        }
        ValueKind::Code => json!({ "type": "coupon_code", "coupon_code": words }),
        ValueKind::Form => json!({ "type": "action", "action": { "flow_token": "unused" } }),
        ValueKind::File(file) => {
            let mut it = Map::new();
            it.insert("link".into(), json!(words));
            if let (HeaderFile::Document, Some(name)) = (file, file_name(words)) {
                it.insert("filename".into(), json!(name));
            }
            let mut whole = Map::new();
            whole.insert("type".into(), json!(file.as_str()));
            whole.insert(file.as_str().into(), Value::Object(it));
            Value::Object(whole)
        }
    }
}

/// What a document is called: the end of its address's path.
fn file_name(link: &str) -> Option<String> {
    let url = url::Url::parse(link).ok()?;
    let last = url.path_segments()?.next_back()?.to_owned();
    (!last.is_empty()).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::template;
    use crate::conversation::Template;
    use serde_json::json;

    #[test]
    fn values_stand_where_meta_looks_for_them() {
        let listed = json!({ "name": "order", "language": "de", "parameter_format": "NAMED",
            "category": "UTILITY", "status": "APPROVED", "components": [
                { "type": "HEADER", "format": "DOCUMENT" },
                { "type": "BODY", "text": "Hi {{first_name}}, {{what}}" },
                { "type": "BUTTONS", "buttons": [
                    { "type": "QUICK_REPLY", "text": "Yes" },
                    { "type": "URL", "text": "Track", "url": "https://shop.example/{{1}}" },
                    { "type": "COPY_CODE", "text": "Copy" },
                    { "type": "FLOW", "text": "Rate" },
                ] },
            ] });
        let values = [
            ("header.document", "https://shop.example/b/bill%207.pdf?x=1"),
            ("first_name", "Zoë"),
            ("what", "it is ready"),
            ("button.1.1", "77"),
            ("button.2.code", "SPRING"),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let it = Template::read(&"wa".into(), &listed).expect("a template");
        let sent = template(&it.fill(&values).expect("all is given"));
        let text = |name: &str, text: &str| json!({ "type": "text", "parameter_name": name, "text": text });
        let button = |kind: &str, at: &str, parameter: serde_json::Value| json!({ "type": "button", "sub_type": kind, "index": at, "parameters": [parameter] });
        let document = json!({ "link": "https://shop.example/b/bill%207.pdf?x=1", "filename": "bill%207.pdf" });
        let wanted = json!({ "name": "order", "language": { "code": "de" }, "components": [
            { "type": "header", "parameters": [{ "type": "document", "document": document }] },
            { "type": "body", "parameters": [text("first_name", "Zoë"), text("what", "it is ready")] },
            button("url", "1", json!({ "type": "text", "text": "77" })),
            button("copy_code", "2", json!({ "type": "coupon_code", "coupon_code": "SPRING" })),
            button("flow", "3", json!({ "type": "action", "action": { "flow_token": "unused" } })),
        ] });
        assert_eq!(sent, wanted);
    }
}
