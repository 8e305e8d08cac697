//! The shape of a request: endpoints differ in how they can be asked for JSON.

use serde_json::{Value, json};

/// How a request asks for JSON, from the strictest to the plainest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// By schema, without chance, with the tokens' log-probabilities.
    #[default]
    Scored,
    /// By schema, without chance.
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
    /// A question that stands by itself, or one back to the customer.
    Question,
    /// A summary for a person who takes over.
    Summary,
    /// A reply for a person to look at.
    Reply,
}

/// What a request says, whatever its shape.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The instructions.
    pub system: &'a str,
    /// What follows them.
    pub user: &'a str,
    /// What it asks for.
    pub form: Form,
    /// What the model said before, and why that could not be used.
    pub refused: Option<(&'a str, &'a str)>,
    /// Tokens the answer may have.
    pub max_output_tokens: u32,
    /// Tokens of the prompt, by our own count.
    pub tokens: usize,
    /// Whether the reply may come piece by piece.
    pub stream: bool,
}

impl Shape {
    /// What to try when an endpoint does not take this one.
    pub fn simpler(self) -> Option<Self> {
        match self {
            Self::Scored => Some(Self::Schema),
            Self::Schema => Some(Self::SchemaAlone),
            Self::SchemaAlone => Some(Self::Object),
            Self::Object => Some(Self::Plain),
            Self::Plain => None,
        }
    }

    /// The request's body.
    pub fn body(self, model: &str, words: Words<'_>) -> Value {
        let mut messages = vec![
            json!({"role": "system", "content": words.system}),
            json!({"role": "user", "content": words.user}),
        ];
        if let Some((said, problem)) = words.refused {
            let refusal = json!({ "refused": problem }).to_string();
            messages.push(json!({"role": "assistant", "content": said}));
            messages.push(json!({"role": "user", "content": refusal}));
        }
        let mut body = json!({ "model": model, "stream": words.stream, "messages": messages });
        if words.stream {
            body["stream_options"] = json!({"include_usage": true});
        }
        // Endpoints that know schemas know the newer name of the limit; the older ones only the old.
        let limit = match self {
            Self::Scored | Self::Schema | Self::SchemaAlone => "max_completion_tokens",
            Self::Object | Self::Plain => "max_tokens",
        };
        body[limit] = words.max_output_tokens.into();
        match self {
            Self::Scored | Self::Schema | Self::SchemaAlone => {
                body["response_format"] = schema(words.form);
            }
            Self::Object => body["response_format"] = json!({"type": "json_object"}),
            Self::Plain => {}
        }
        if self == Self::Scored && words.form == Form::Answer {
            body["logprobs"] = true.into();
        }
        if self != Self::SchemaAlone {
            body["temperature"] = 0.into();
        }
        body
    }
}

/// What the answer must look like; strict mode wants every field required and no other.
fn schema(form: Form) -> Value {
    let text = json!({"type": "string"});
    let (name, schema) = match form {
        Form::Answer => ("answer", answer()),
        Form::Question => ("question", object(&json!({"question": text}))),
        Form::Summary => {
            let list = json!({"type": "array", "items": text});
            let parts = json!({"problem": text, "tried": list, "missing": text, "mood": text});
            ("summary", object(&parts))
        }
        Form::Reply => ("reply", object(&json!({"reply": text}))),
    };
    let named = json!({"name": name, "strict": true, "schema": schema});
    json!({"type": "json_schema", "json_schema": named})
}

/// What the answer to a customer must look like.
fn answer() -> Value {
    let citation = object(&json!({"entry": {"type": "string"}, "excerpt": {"type": "string"}}));
    object(&json!({
        "answerable": {"type": "boolean"},
        "answer": {"type": "string"},
        "citations": {"type": "array", "items": citation},
        "questions_covered": {"type": "array", "items": {"type": "integer"}},
        "language": {"type": "string"},
    }))
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
        let words = Words {
            system: "s",
            user: "u",
            form: Form::Answer,
            refused: None,
            max_output_tokens: 9,
            tokens: 2,
            stream: false,
        };
        let mut shape = Some(Shape::default());
        for (format, limit, temperature, scored) in [
            ("json_schema", "max_completion_tokens", true, true),
            ("json_schema", "max_completion_tokens", true, false),
            ("json_schema", "max_completion_tokens", false, false),
            ("json_object", "max_tokens", true, false),
            ("", "max_tokens", true, false),
        ] {
            let now = shape.expect("there are five");
            let body = now.body("m", words);
            let asked = body.get("response_format").and_then(|format| format["type"].as_str());
            assert_eq!(asked.unwrap_or_default(), format, "{now:?}");
            assert_eq!(body.get(limit).and_then(Value::as_u64), Some(9), "{now:?}");
            assert_eq!(body.get("temperature").is_some(), temperature, "{now:?}");
            assert_eq!(body.get("logprobs").is_some(), scored, "{now:?}");
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
