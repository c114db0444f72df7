//! Options: from a JavaScript object to plain values.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::config::UrlParts;
use crate::error::{Code, Error};
use crate::given::{invalid, Options, Value};

/// The object's own members that are not undefined. Inherited ones are nobody's options.
///
/// # Errors
/// `config_invalid`, naming the option.
pub(super) fn read(object: &JsValue) -> Result<Options, Error> {
    let Some(object) = object.dyn_ref::<Object>() else {
        return Err(Error::new(Code::ConfigInvalid, "the options must be an object"));
    };
    let mut options = Options::new();
    for name in Object::keys(object).iter() {
        let value = Reflect::get(object, &name);
        let name = name.as_string().unwrap_or_default();
        let Ok(value) = value else { return Err(invalid(&name, "cannot be read")) };
        if value.is_undefined() {
            continue;
        }
        options.push((name, read_value(&value)));
    }
    Ok(options)
}

fn read_value(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(boolean) = value.as_bool() {
        return Value::Boolean(boolean);
    }
    let texts = value.dyn_ref::<Array>().and_then(|list| list.iter().map(|text| text.as_string()).collect());
    texts.map_or(Value::Other, Value::Texts)
}

/// The host's URL parser.
pub(super) fn parse_url(text: &str) -> Option<UrlParts> {
    let url = Url::new(text).ok()?;
    Some(UrlParts {
        protocol: url.protocol(),
        hostname: url.hostname(),
        origin: url.origin(),
        pathname: url.pathname(),
    })
}
