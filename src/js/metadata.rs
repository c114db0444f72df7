//! `previewMetadataPatch`.

use wasm_bindgen::prelude::*;

use super::text;
use crate::encoding::Object;
use crate::metadata::{preview, LIMIT};

/// `previewMetadataPatch`, both as JSON text. `current`: none where nothing is stored; `patch`: none where all is removed.
/// Ok: `{ metadata, length, limit, fits }`.
#[wasm_bindgen]
pub fn preview_metadata_patch(current: Option<String>, patch: Option<String>) -> String {
    text(preview(current.as_deref(), patch.as_deref()).map(|preview| {
        let mut shown = Object::default();
        shown.put("metadata", &preview.metadata);
        shown.put("length", &preview.length.to_string());
        shown.put("limit", &LIMIT.to_string());
        shown.put("fits", if preview.fits() { "true" } else { "false" });
        shown.finish()
    }))
}
