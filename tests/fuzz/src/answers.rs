//! Answers of `/sessions/validate`.

use hanko_edge::claims_view;
use hanko_edge::encoding::MAX_DEPTH;
use hanko_edge::error::Kind;
use hanko_edge::http::Response;
use hanko_edge::token::is_uuid;
use hanko_edge::validate::{parse, Answer};
use serde_json::{json, Value};

use super::json::strict_object;

/// An answer is a yes about somebody, a no, or an outage; never a denial by its shape alone.
pub fn validate_answer(input: &[u8]) {
    let text = std::str::from_utf8(input).unwrap_or_default();
    for status in [200, 400, 401, 404, 500] {
        let response = Response { status, body: input.to_vec(), ..Response::default() };
        match (status, parse(&response)) {
            (200, Ok(Answer::No)) => {
                let tree = strict_object(text, MAX_DEPTH + 1);
                assert!(tree.is_none_or(|tree| tree["is_valid"] == false));
            }
            (200, Ok(Answer::Yes(yes))) => {
                assert!(is_uuid(&yes.user_id));
                if let Some(tree) = strict_object(text, MAX_DEPTH + 1) {
                    assert!(tree["is_valid"] == true && tree["user_id"] == yes.user_id.as_str());
                    let said: Value = serde_json::from_str(&yes.claims).expect("JSON");
                    assert_eq!(said, tree.get("claims").cloned().unwrap_or_else(|| json!({})));
                }
                let _ = claims_view::by_cookie(&yes.claims, &yes.user_id, &yes.expiration_time);
            }
            (400, Ok(Answer::Unreadable)) => {
                assert!(text.contains("failed to parse token claims") || text.contains('\\'))
            }
            (_, Ok(_)) => panic!("{status} is an answer"),
            (_, Err(error)) => assert_eq!(error.kind(), Kind::Unavailable, "{error}"),
        }
    }
}
