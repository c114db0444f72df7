//! JSON that passes through as it stands (RFC 8259): the texts of members and elements, their grammar checked and nothing else.
//!
//! For answers that hold what a person may have written himself. Hanko stores metadata 1500 levels deep and numbers
//! like `1e400`; a reader with limits would let that person make his own record unreadable. So there is no limit of
//! depth or number here, a lone surrogate is no fault inside a value, and a value crosses as its text. Linear in the
//! input, and iterative: no depth can overflow the stack. What else crosses is read by `encoding`, which is strict.

use crate::encoding::Members;
use crate::json::{self, Limits};

/// The members of a JSON object, in order, each with the text of its value. None where the text is not one object, or
/// where a name stands twice at this level or is no text.
pub fn members(text: &str) -> Option<Members<'_>> {
    json::members(text, Limits::NONE)
}

/// The texts of the elements of a JSON array. None where the text is not one array.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    json::elements(text, Limits::NONE)
}
