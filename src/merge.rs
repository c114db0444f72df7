//! The merge of metadata as Hanko's servers do it, by evanphx/json-patch 5.9.11: RFC 7396, but for one thing. Null members
//! vanish from objects inside arrays too, unless the array replaces an object.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use crate::parts::Parts;
use crate::spelling::{lossy, respelled};

/// What becomes of a stored object under the object of a patch. None where names that stand twice make it endless.
pub fn merge(current: &Parts<'_>, patch: &Parts<'_>) -> Option<String> {
    let length = current.text(0).len().saturating_add(patch.text(0).len());
    let out = String::with_capacity(length);
    // An escape of two may become one of six.
    Merge { current, patch, steps: vec![(NO_NAME, Step::Merged(0, 0))], out }.run(length.saturating_mul(3))
}

/// What is still to be written.
enum Step<'a> {
    /// A value, as it stands.
    Kept(&'a str),
    /// A value of the patch; whether nulls are left out.
    New(usize, bool),
    /// A stored object and the patch's object for it.
    Merged(usize, usize),
    Close(char),
}

/// A member's name, as it is spelled; an element has none.
type Name<'a> = Cow<'a, str>;
const NO_NAME: Name<'_> = Cow::Borrowed("");

/// A member of an object: its name as text, the place of its value, and its name as it is spelled.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Member<'a> {
    text: Cow<'a, str>,
    place: usize,
    name: &'a str,
    /// Of a patch: whether the stored object has a member of this name.
    is_taken: bool,
}

impl Member<'_> {
    fn taken(&mut self) -> usize {
        self.is_taken = true;
        self.place
    }
}

struct Merge<'a> {
    current: &'a Parts<'a>,
    patch: &'a Parts<'a>,
    /// The last is next.
    steps: Vec<(Name<'a>, Step<'a>)>,
    out: String,
}

impl<'a> Merge<'a> {
    /// `most`: bytes that the result takes. But objects of one name that stand twice in each other double at every level.
    fn run(mut self, most: usize) -> Option<String> {
        while let Some((name, step)) = self.steps.pop() {
            let from = self.steps.len();
            if !name.is_empty() {
                self.put(&name);
                self.out.push(':');
            }
            self.step(step);
            self.steps.get_mut(from..)?.reverse();
            if self.out.len() > most {
                return None;
            }
        }
        Some(self.out)
    }

    /// Writes the beginning of a step; the rest of it are steps again.
    fn step(&mut self, step: Step<'a>) {
        match step {
            Step::Kept(text) => self.put(text),
            Step::New(place, prune) => self.put_new(place, prune),
            Step::Merged(stored, patch) => self.put_merged(stored, patch),
            Step::Close(bracket) => self.out.push(bracket),
        }
    }

    /// Writes a name or the beginning of a value, after a comma where one is due. A string ends with a quote, so the last
    /// byte tells.
    fn put(&mut self, part: &str) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(',');
        }
        self.out.push_str(part);
    }

    /// Go writes a map's members sorted by the bytes of their names.
    fn put_new(&mut self, place: usize, prune: bool) {
        match self.patch.kind(place) {
            b'[' => {
                self.put("[");
                let elements = self.patch.children(place);
                self.steps.extend(elements.map(|(_, place)| (NO_NAME, Step::New(place, prune))));
                self.steps.push((NO_NAME, Step::Close(']')));
            }
            b'{' => {
                self.put("{");
                for Member { name, place, .. } in self.changes(place) {
                    if !(prune && self.removes(place)) {
                        let name = if prune { respelled(name) } else { Cow::Borrowed(name) };
                        self.steps.push((name, Step::New(place, prune)));
                    }
                }
                self.steps.push((NO_NAME, Step::Close('}')));
            }
            _ => self.put(self.patch.text(place)),
        }
    }

    fn put_merged(&mut self, stored: usize, patch: usize) {
        self.put("{");
        let stored = || self.current.children(stored);
        let mut changes = self.changes(patch);
        let doubled = if may_be_doubled(stored()) { sorted(stored()) } else { Vec::new() };
        for (name, place) in stored() {
            let text = lossy(name);
            // Where a name stands twice, both have the last value; a removal takes the first and leaves null.
            let same = equal(&doubled, &text);
            let value = same.last().map_or(place, |last| last.place);
            let is_first = same.first().is_none_or(|first| first.place == place);
            let at = first(&changes, &text);
            let change = changes.get_mut(at).filter(|change| change.text == text);
            let step = match change.map(|change| change.taken()) {
                None => Step::Kept(self.current.text(value)),
                Some(change) if !self.removes(change) => self.changed(value, change),
                Some(_) if is_first => continue,
                Some(_) => Step::Kept("null"),
            };
            self.steps.push((respelled(name), step));
        }
        for Member { name, place, .. } in changes.into_iter().filter(|change| !change.is_taken) {
            if !self.removes(place) {
                self.steps.push((respelled(name), Step::New(place, true)));
            }
        }
        self.steps.push((NO_NAME, Step::Close('}')));
    }

    /// The members of one of the patch's objects. Of a name that stands twice the last counts.
    fn changes(&self, place: usize) -> Vec<Member<'a>> {
        let mut members = sorted(self.patch.children(place));
        members.reverse();
        members.dedup_by(|member, later| member.text == later.text);
        members.reverse();
        members
    }

    fn removes(&self, place: usize) -> bool {
        self.patch.kind(place) == b'n'
    }

    fn changed(&self, stored: usize, patch: usize) -> Step<'a> {
        let was_object = self.current.kind(stored) == b'{';
        if was_object && self.patch.kind(patch) == b'{' {
            return Step::Merged(stored, patch);
        }
        Step::New(patch, !was_object)
    }
}

/// The members by the bytes of their names, those of one name in their order.
fn sorted<'a>(members: impl Iterator<Item = (&'a str, usize)>) -> Vec<Member<'a>> {
    let member = |(name, place)| Member { text: lossy(name), place, name, is_taken: false };
    members.map(member).collect::<BinaryHeap<_>>().into_sorted_vec()
}

/// Those of one name.
fn equal<'s, 'a>(sorted: &'s [Member<'a>], text: &str) -> &'s [Member<'a>] {
    let rest = sorted.get(first(sorted, text)..).unwrap_or_default();
    let count = rest.iter().take_while(|member| member.text == text).count();
    rest.get(..count).unwrap_or_default()
}

/// Where those of one name begin.
fn first(sorted: &[Member<'_>], text: &str) -> usize {
    sorted.partition_point(|member| *member.text < *text)
}

/// Whether two names may be the same: nearly always no, and much faster than sorting them.
fn may_be_doubled<'a>(members: impl Iterator<Item = (&'a str, usize)>) -> bool {
    // FNV-1a, 32 bits.
    let hash = |text: &str| {
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    };
    let mut hashes: BinaryHeap<u32> = members.map(|(name, _)| hash(&lossy(name))).collect();
    while let Some(hash) = hashes.pop() {
        if hashes.peek() == Some(&hash) {
            return true;
        }
    }
    false
}
