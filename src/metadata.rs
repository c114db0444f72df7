//! What a Hanko server stores when metadata is patched, and how it counts that.
//!
//! Source: the profile flow's `patch_metadata` of Hanko 2.7.0 and 3.0.4; `merge` says where it leaves RFC 7396.

use crate::error::{Code, Error};
use crate::merge::merge;
use crate::parts::Parts;
use crate::spelling::escaped;

/// Code points that each kind of metadata may have as it is stored.
pub const LIMIT: usize = 3000;

/// What would be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// JSON text, character by character as Hanko writes it. Only the order of the members that an object gains is random
    /// there; here they are sorted.
    pub metadata: String,
    /// Code points of what is stored: 0 where nothing is.
    pub length: usize,
}

impl Preview {
    /// Whether Hanko would store it.
    pub const fn fits(&self) -> bool {
        self.length <= LIMIT
    }
}

/// Previews a patch. `current` is the stored text of an object, None where nothing is stored; `patch` is the text of an
/// object as `JSON.stringify` writes it, None where all is removed.
///
/// # Errors
/// `metadata_invalid` where one of them is not the text of an object; `metadata_too_large` where names that
/// stand twice make it many times as long as both.
pub fn preview(current: Option<&str>, patch: Option<&str>) -> Result<Preview, Error> {
    let current = object(current.unwrap_or("{}"), "current is not the JSON text of an object")?;
    let Some(patch) = patch else { return Ok(Preview { metadata: "{}".to_owned(), length: 0 }) };
    let patch = object(patch, "the patch is not the JSON text of an object")?;
    let merged = merge(&current, &patch);
    let too_large = || Error::new(Code::MetadataTooLarge, "names that stand twice make the result too long");
    let metadata = escaped(merged.ok_or_else(too_large)?);
    let length = metadata.chars().count();
    Ok(Preview { metadata, length })
}

/// Whether a patch can fit at all: what it adds to nothing, it adds to everything.
///
/// # Errors
/// `metadata_too_large` where it exceeds the limit by itself; `metadata_invalid` as [`preview`].
pub fn fits_alone(patch: &str) -> Result<(), Error> {
    if preview(None, Some(patch))?.fits() {
        return Ok(());
    }
    Err(Error::new(Code::MetadataTooLarge, "the patch alone exceeds the 3000 code points that Hanko stores"))
}

fn object<'a>(text: &'a str, otherwise: &'static str) -> Result<Parts<'a>, Error> {
    let parts = Parts::read(text).filter(|parts| parts.kind(0) == b'{');
    parts.ok_or_else(|| Error::new(Code::MetadataInvalid, otherwise))
}
