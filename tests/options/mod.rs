//! Options as the face reads them.

use hanko_edge::given::{Options, Value};
use serde_json::Value as Json;

/// The options of an object.
pub(crate) fn options(given: &Json) -> Options {
    let members = given.as_object().expect("an object");
    members.iter().map(|(name, value)| (name.clone(), option(value))).collect()
}

/// A value as the face reads it.
fn option(value: &Json) -> Value {
    match value {
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => Value::Number(number.as_f64().expect("a number")),
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Array(items) => {
            let texts: Option<_> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.map_or(Value::Other, Value::Texts)
        }
        Json::Null | Json::Object(_) => Value::Other,
    }
}
