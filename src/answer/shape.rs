//! The shape of a request: endpoints differ in how they can be asked for JSON.

use serde_json::{Value, json};

/// How a request asks for JSON, from the strictest to the plainest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// By schema, without chance.
    #[default]
    Schema,
    /// By schema, with the endpoint's own temperature: some models take no other.
    SchemaAlone,
    /// As any JSON object.
    Object,
    /// By the prompt alone.
    Plain,
}

/// What kind of object a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An answer with its citations.
    Answer,
    /// A question that stands by itself.
    Question,
}

/// What a request says, whatever its shape.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The model's name.
    pub model: &'a str,
    /// The instructions.
    pub system: &'a str,
    /// What follows them.
    pub user: &'a str,
    /// What it asks for.
    pub form: Form,
    /// Tokens the answer may have.
    pub max_output_tokens: u32,
}

impl Shape {
    /// What to try when an endpoint does not take this one.
    pub fn simpler(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::SchemaAlone),
            Self::SchemaAlone => Some(Self::Object),
            Self::Object => Some(Self::Plain),
            Self::Plain => None,
        }
    }

    /// The request's body.
    pub fn body(self, words: Words<'_>) -> Value {
        let mut body = json!({
            "model": words.model,
            "stream": false,
            "messages": [
                {"role": "system", "content": words.system},
                {"role": "user", "content": words.user},
            ],
        });
        // Endpoints that know schemas know the newer name of the limit; the older ones only the old.
        let limit = match self {
            Self::Schema | Self::SchemaAlone => "max_completion_tokens",
            Self::Object | Self::Plain => "max_tokens",
        };
        body[limit] = words.max_output_tokens.into();
        match self {
            Self::Schema | Self::SchemaAlone => body["response_format"] = schema(words.form),
            Self::Object => body["response_format"] = json!({"type": "json_object"}),
            Self::Plain => {}
        }
        if self != Self::SchemaAlone {
            body["temperature"] = 0.into();
        }
        body
    }
}

/// What the answer must look like; strict mode wants every field required and no other.
fn schema(form: Form) -> Value {
    if form == Form::Question {
        let question = object(&json!({"question": {"type": "string"}}));
        let named = json!({"name": "question", "strict": true, "schema": question});
        return json!({"type": "json_schema", "json_schema": named});
    }
    let citation = object(&json!({"entry": {"type": "string"}, "excerpt": {"type": "string"}}));
    let answer = object(&json!({
        "answerable": {"type": "boolean"},
        "answer": {"type": "string"},
        "citations": {"type": "array", "items": citation},
        "questions_covered": {"type": "array", "items": {"type": "integer"}},
        "language": {"type": "string"},
    }));
    let named = json!({"name": "answer", "strict": true, "schema": answer});
    json!({"type": "json_schema", "json_schema": named})
}

fn object(properties: &Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(|p| p.keys()).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": names,
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use super::{Form, Shape, Words};
    use serde_json::Value;

    #[test]
    fn each_shape_asks_for_less_than_the_one_before() {
        let words =
            Words { model: "m", system: "s", user: "u", form: Form::Answer, max_output_tokens: 9 };
        let mut shape = Some(Shape::default());
        for (format, limit, temperature) in [
            ("json_schema", "max_completion_tokens", true),
            ("json_schema", "max_completion_tokens", false),
            ("json_object", "max_tokens", true),
            ("", "max_tokens", true),
        ] {
            let now = shape.expect("there are four");
            let body = now.body(words);
            let asked = body.get("response_format").and_then(|format| format["type"].as_str());
            assert_eq!(asked.unwrap_or_default(), format, "{now:?}");
            assert_eq!(body.get(limit).and_then(Value::as_u64), Some(9), "{now:?}");
            assert_eq!(body.get("temperature").is_some(), temperature, "{now:?}");
            shape = now.simpler();
        }
        assert_eq!(shape, None);
    }

    #[test]
    fn the_schema_requires_every_field_as_strict_mode_wants() {
        let schema = &super::schema(Form::Answer)["json_schema"]["schema"];
        assert_eq!(schema["required"].as_array().map(Vec::len), Some(5));
        let citation = &schema["properties"]["citations"]["items"];
        assert_eq!(citation["required"], serde_json::json!(["entry", "excerpt"]));
        assert_eq!(citation["additionalProperties"], false);
    }
}
