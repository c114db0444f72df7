//! What a Hanko server stores when metadata is patched, and how it counts that.
//!
//! Source: the profile flow's `patch_metadata` and `PATCH /users/{id}/metadata` of Hanko 2.7.0 and 3.0.4, which merge by
//! evanphx/json-patch 5.9.11. RFC 7396, but for one thing: null members vanish from objects inside arrays too, unless the
//! array replaces an object.

use std::collections::BinaryHeap;

use crate::error::{Code, Error};
use crate::parts::{closes, Parts};
use crate::spelling::{escaped, lossy, respelled};

/// Code points that each kind of metadata may have as it is stored.
pub const LIMIT: usize = 3000;

/// What would be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// JSON text, character by character as Hanko writes it. Only the order of new members is Hanko's to choose; here it is the patch's.
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
    let stored = current.unwrap_or("{}");
    let current = object(stored, "current is not the JSON text of an object")?;
    let Some(patch) = patch else { return Ok(Preview { metadata: "{}".to_owned(), length: 0 }) };
    let room = stored.len().saturating_add(patch.len()).saturating_mul(3);
    let patch = object(patch, "the patch is not the JSON text of an object")?;
    let metadata = escaped(&Merge { current, patch, out: String::new(), room }.run()?);
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
    let parts = Parts::read(text).filter(|parts| parts.text(0) == "{");
    parts.ok_or_else(|| Error::new(Code::MetadataInvalid, otherwise))
}

/// What is still to be written.
enum Step<'a> {
    Text(&'a str),
    Name(String),
    /// A stored value, as it stands.
    Stored(usize),
    /// A value of the patch; whether nulls are left out.
    New(usize, bool),
    /// A stored object and the patch's object for it.
    Merged(usize, usize),
}

/// A member of an object: its name as text, the place of its value, and its name as it is spelled.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Member<'a> {
    text: String,
    place: usize,
    name: &'a str,
}

struct Merge<'a> {
    current: Parts<'a>,
    patch: Parts<'a>,
    out: String,
    /// Bytes that the result takes at most: where an escape of two becomes one of six. But objects of one name that stand
    /// twice in each other double at every level.
    room: usize,
}

impl<'a> Merge<'a> {
    fn run(mut self) -> Result<String, Error> {
        let mut steps = vec![Step::Merged(0, 0)];
        while let Some(step) = steps.pop() {
            let inner = self.step(step);
            steps.extend(inner.into_iter().rev());
            if self.out.len() > self.room {
                return Err(Error::new(Code::MetadataTooLarge, "names that stand twice make the result too long"));
            }
        }
        Ok(self.out)
    }

    /// Writes the beginning of a step; the rest of it are steps again.
    fn step(&mut self, step: Step<'a>) -> Vec<Step<'a>> {
        match step {
            Step::Text(text) => put(&mut self.out, text),
            Step::Name(name) => put_name(&mut self.out, &name),
            Step::Stored(place) => self.put_stored(place),
            Step::New(place, prune) => return self.new_value(place, prune),
            Step::Merged(stored, patch) => return self.merged(stored, patch),
        }
        Vec::new()
    }

    fn put_stored(&mut self, place: usize) {
        for part in self.current.value(place) {
            let put = if part.is_name { put_name } else { put };
            put(&mut self.out, part.text);
        }
    }

    /// Go writes a map's members sorted by the bytes of their names.
    fn new_value(&mut self, place: usize, prune: bool) -> Vec<Step<'a>> {
        let bracket = self.patch.text(place);
        put(&mut self.out, bracket);
        let mut steps = Vec::new();
        match bracket {
            "[" => {
                let elements = self.patch.children(place);
                steps.extend(elements.into_iter().map(|(_, place)| Step::New(place, prune)));
                steps.push(Step::Text("]"));
            }
            "{" => {
                for Member { name, place, .. } in self.changes(place) {
                    if !(prune && self.patch.text(place) == "null") {
                        steps.push(Step::Name(if prune { respelled(name) } else { name.to_owned() }));
                        steps.push(Step::New(place, prune));
                    }
                }
                steps.push(Step::Text("}"));
            }
            _ => {}
        }
        steps
    }

    fn merged(&mut self, stored: usize, patch: usize) -> Vec<Step<'a>> {
        put(&mut self.out, "{");
        let stored = self.current.children(stored);
        let (sorted, patch) = (sorted(&stored), self.changes(patch));
        let mut steps = Vec::new();
        for (name, place) in stored {
            // Where a name stands twice, both have the last value; a removal takes the first and leaves null.
            let text = lossy(name);
            let same = equal(&sorted, &text);
            let value = same.last().map_or(place, |last| last.place);
            let step = match equal(&patch, &text).first().map(|change| change.place) {
                None => Step::Stored(value),
                Some(change) if self.patch.text(change) != "null" => self.changed(value, change),
                Some(_) if same.first().is_none_or(|first| first.place == place) => continue,
                Some(_) => Step::Text("null"),
            };
            steps.extend([Step::Name(respelled(name)), step]);
        }
        for Member { text, name, place } in patch {
            if self.patch.text(place) != "null" && equal(&sorted, &text).is_empty() {
                steps.extend([Step::Name(respelled(name)), Step::New(place, true)]);
            }
        }
        steps.push(Step::Text("}"));
        steps
    }

    /// The members of one of the patch's objects. Of a name that stands twice the last counts.
    fn changes(&self, place: usize) -> Vec<Member<'a>> {
        let mut members = sorted(&self.patch.children(place));
        members.reverse();
        members.dedup_by(|member, later| member.text == later.text);
        members.reverse();
        members
    }

    fn changed(&self, stored: usize, patch: usize) -> Step<'a> {
        match (self.current.text(stored), self.patch.text(patch)) {
            ("{", "{") => Step::Merged(stored, patch),
            (was, _) => Step::New(patch, was != "{"),
        }
    }
}

fn put_name(out: &mut String, name: &str) {
    put(out, name);
    out.push(':');
}

/// Writes a part, after a comma where one is due. A string ends with a quote, so the last character tells.
fn put(out: &mut String, part: &str) {
    if !out.is_empty() && !closes(part) && !out.ends_with(['{', '[', ':']) {
        out.push(',');
    }
    out.push_str(part);
}

/// The members by the bytes of their names, those of one name in their order.
fn sorted<'a>(members: &[(&'a str, usize)]) -> Vec<Member<'a>> {
    let members = members.iter().map(|(name, place)| Member { text: lossy(name), place: *place, name });
    members.collect::<BinaryHeap<_>>().into_sorted_vec()
}

/// Those of one name.
fn equal<'s, 'a>(sorted: &'s [Member<'a>], text: &str) -> &'s [Member<'a>] {
    let from = sorted.partition_point(|member| member.text.as_str() < text);
    let to = sorted.partition_point(|member| member.text.as_str() <= text);
    sorted.get(from..to).unwrap_or_default()
}
