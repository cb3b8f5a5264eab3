//! The table of keys as a JSON Schema, for editors.

use serde_json::{Map, Value, json};

use crate::keys::{FILE, Key, Kind, SERVICE};
use crate::option;

/// The whole of it.
#[must_use]
pub fn schema() -> Value {
    let mut schema = object(FILE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("daemonproxy");
    schema
}

fn object(keys: &[Key]) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties(keys.iter()) })
}

fn properties<'k>(keys: impl Iterator<Item = &'k Key>) -> Map<String, Value> {
    keys.map(|key| {
        let mut value = of_kind(key.kind);
        value["description"] = json!(key.doc);
        (key.name.to_owned(), value)
    })
    .collect()
}

fn service(is_default: bool) -> Value {
    let keys = SERVICE.iter().filter(|key| !is_default || key.in_defaults);
    let mut all = properties(keys);
    for key in SERVICE.iter().filter(|key| !is_default && key.can_be_off()) {
        let mut value = json!({ "anyOf": [of_kind(key.kind), { "const": false }] });
        value["description"] = json!(key.doc);
        all.insert(key.name.to_owned(), value);
    }
    for info in option::keys() {
        let description = format!("{} ({})", info.doc, info.what);
        let types = json!(["string", "number", "boolean", "array"]);
        all.insert(info.name.to_owned(), json!({ "type": types, "description": description }));
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": all });
    if !is_default {
        schema["oneOf"] = json!([{ "required": ["run"] }, { "required": ["sh"] }]);
    }
    schema
}

fn of_kind(kind: Kind) -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let by_name = |one: Value| json!({ "type": "object", "additionalProperties": one });
    let any = |kinds: Vec<Value>| json!({ "anyOf": kinds });
    let words = |words: &[&str]| json!({ "enum": words });
    match kind {
        Kind::Text | Kind::Lines | Kind::Signal => text,
        Kind::TextOrTexts => any(vec![text, texts]),
        Kind::Texts => texts,
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::FlagWordOrTable(of, keys) => {
            any(vec![json!({ "type": "boolean" }), words(of), object(keys)])
        }
        Kind::Size => any(vec![
            json!({ "type": "integer", "minimum": 0 }),
            json!({ "type": "string", "pattern": "^[0-9]+[KkMG]?$" }),
        ]),
        Kind::Word(of) => words(of),
        Kind::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Duration(least) => any(vec![
            json!({ "type": "integer", "minimum": least }),
            json!({ "type": "string", "pattern": "^([0-9]+[smhd]?)+$" }),
        ]),
        Kind::Patience(least) => {
            let short = json!({ "type": "number", "minimum": least });
            any(vec![of_kind(Kind::Duration(least)), short, words(&["never"])])
        }
        Kind::Factor => json!({ "type": "number", "minimum": 1 }),
        Kind::Variables => by_name(json!({ "type": ["string", "number", "boolean"] })),
        Kind::TextsByName => by_name(text),
        Kind::ListsByName => by_name(texts),
        Kind::Limits => {
            let one =
                json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "const": "unlimited" }] });
            let two = json!({ "type": "array", "items": one, "minItems": 2, "maxItems": 2 });
            by_name(any(vec![one, two]))
        }
        Kind::Table(keys) => object(keys),
        Kind::WordOrTable(of, keys) => any(vec![words(of), object(keys)]),
        Kind::SignalOrTable(keys) | Kind::TextOrTable(keys) => any(vec![text, object(keys)]),
        Kind::Services => by_name(service(false)),
        Kind::Defaults => service(true),
    }
}
