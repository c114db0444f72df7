//! The shape of what Hanko answers, by tables: which members an object must have and of which type. What is shown of
//! them is their own text; members that no table names are left out.

use crate::encoding::{member, Member, Members, Object};
use crate::verbatim;

/// The type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A string, whatever it says.
    Text,
    /// `true` or `false`.
    Flag,
    /// An object, whatever it holds.
    Record,
}

/// A member that may be there. `null` counts as absent: Go writes it where there is nothing.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    name: &'static str,
    is: Type,
    needed: bool,
}

/// A string that must be there.
pub const fn text(name: &'static str) -> Field {
    Field { name, is: Type::Text, needed: true }
}

/// A string that may be absent.
pub const fn optional(name: &'static str) -> Field {
    Field { name, is: Type::Text, needed: false }
}

/// A flag that must be there.
pub const fn flag(name: &'static str) -> Field {
    Field { name, is: Type::Flag, needed: true }
}

/// An object's members, each with the text of its value.
pub type Record<'a> = [Member<'a>];

/// A member's text, where it is there and not `null`.
pub fn present<'a>(record: &Record<'a>, name: &str) -> Option<&'a str> {
    member(record, name).filter(|json| *json != "null")
}

/// A member's text, where it is there; None inside None: it has another type.
pub fn typed<'a>(record: &Record<'a>, name: &str, is: Type) -> Option<Option<&'a str>> {
    let Some(json) = present(record, name) else { return Some(None) };
    let fits = match is {
        Type::Text => json.starts_with('"'),
        Type::Flag => json == "true" || json == "false",
        Type::Record => json.starts_with('{'),
    };
    fits.then_some(Some(json))
}

/// Shows what a table names. None where a member is missing, or has another type.
pub fn show(shown: &mut Object, record: &Record<'_>, fields: &[Field]) -> Option<()> {
    for field in fields {
        match typed(record, field.name, field.is)? {
            Some(json) => shown.put(field.name, json),
            None if field.needed => return None,
            None => {}
        }
    }
    Some(())
}

/// The objects of a list; an absent list is empty. None where one of its elements is no object.
pub fn records<'a>(record: &Record<'a>, name: &str) -> Option<Vec<Members<'a>>> {
    let Some(json) = present(record, name) else { return Some(Vec::new()) };
    verbatim::elements(json)?.into_iter().map(verbatim::members).collect()
}

/// A JSON array of texts that are JSON already.
pub fn array(elements: impl IntoIterator<Item = String>) -> String {
    let mut array = String::from("[");
    for element in elements {
        if array.len() > 1 {
            array.push(',');
        }
        array.push_str(&element);
    }
    array.push(']');
    array
}

/// An object of these members, each an object, `{}` where it is absent. None where one is no object.
pub fn kinds(record: &Record<'_>, kinds: &[&str]) -> Option<String> {
    let mut shown = Object::default();
    for kind in kinds {
        shown.put(kind, typed(record, kind, Type::Record)?.unwrap_or("{}"));
    }
    Some(shown.finish())
}
