//! What options were given, by name and type. Errors name the option, never its value.

use crate::error::{Code, Error};

/// What an option is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A list of nothing but texts.
    Texts(Vec<String>),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// What no option takes.
    Other,
}

impl Value {
    /// The text, where it is one that is not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// Options by name, as given; those that were left out are absent.
pub type Options = Vec<(String, Value)>;

/// The options of one call, read by name and type.
pub struct Given<'a>(pub &'a Options);

impl<'a> Given<'a> {
    /// Refuses every option but these.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            // The name may be anything, a secret in the wrong place included: only a plain one is shown.
            Some((name, _)) if (1..=32).contains(&name.len()) && name.bytes().all(is_plain) => {
                Err(invalid(name, "is unknown"))
            }
            Some(_) => Err(Error::new(Code::ConfigInvalid, "an option is unknown")),
        }
    }

    /// As given. None where it was left out.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|(option, _)| option == name).map(|(_, value)| value)
    }

    /// A text. None where it was left out.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.text().map(Some).ok_or_else(|| invalid(name, "must be a text that is not empty"))
    }

    /// A list of texts, or one text; empty where it was left out.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let list = match self.value(name) {
            None => return Ok(Vec::new()),
            Some(Value::Texts(texts)) => Some(texts.clone()).filter(|texts| !texts.iter().any(String::is_empty)),
            Some(value) => value.text().map(|text| vec![text.to_owned()]),
        };
        let list = list.filter(|list| !list.is_empty());
        list.ok_or_else(|| invalid(name, "must be a text, or a list of texts, that is not empty"))
    }

    /// True or false; false where it was left out.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    pub fn boolean(&self, name: &str) -> Result<bool, Error> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Boolean(boolean)) => Ok(*boolean),
            Some(_) => Err(invalid(name, "must be true or false")),
        }
    }

    /// A whole number in the range, ends included; `default` where it was left out.
    ///
    /// # Errors
    /// `config_invalid`, naming the option.
    #[allow(clippy::as_conversions)] // In range and whole: checked.
    pub fn whole(&self, name: &str, range: std::ops::RangeInclusive<u32>, default: u32) -> Result<u32, Error> {
        let (least, most) = range.into_inner();
        match self.value(name) {
            None => Ok(default),
            Some(Value::Number(number))
                if (f64::from(least)..=f64::from(most)).contains(number) && number.fract() == 0.0 =>
            {
                Ok(*number as u32)
            }
            Some(_) => Err(invalid(
                name,
                &["must be a whole number from ", &least.to_string(), " to ", &most.to_string()].concat(),
            )),
        }
    }
}

/// Letters, as options here have them, and the underscores of Hanko's own.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// `config_invalid` for an option.
pub fn invalid(option: &str, why: &str) -> Error {
    Error::new(Code::ConfigInvalid, ["option ", option, " ", why].concat())
}
