//! Options: from a JavaScript object to plain values.

use js_sys::{Object, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::config::{self, Options, UrlParts};
use crate::error::{Code, Error};

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
        let Ok(value) = value else { return Err(config::invalid(&name, "cannot be read")) };
        if value.is_undefined() {
            continue;
        }
        // What is no JSON is null, which no option takes; an unknown name is told as such all the same.
        options.push((name, serde_wasm_bindgen::from_value(value).unwrap_or(Value::Null)));
    }
    Ok(options)
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
