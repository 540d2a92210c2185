//! What Meta is posted: an authentication template, the digits in its body and on its button.

use crate::domain::delivery::Message;
use serde_json::{Value, json};

/// The language people are written to where a template lacks theirs.
pub const ENGLISH: &str = "en";

/// Meta's code for a language of our pages: `pt_BR` for `pt-BR`.
pub fn language(tag: &str) -> String {
    tag.replace('-', "_")
}

pub(super) fn body(message: &Message, template: &str, language: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.bare_number(),
        "type": "template",
        // Given back in every receipt. Numbers are not: people may hide theirs behind a username.
        "biz_opaque_callback_data": message.attempt.as_str(),
        "template": authentication(template, &json!({ "code": language }), &message.digits),
    })
}

/// An authentication template filled in. Its button is made as `OTP` and sent as `url`.
pub fn authentication(name: &str, language: &Value, digits: &str) -> Value {
    json!({
        "name": name,
        "language": language,
        "components": [
            { "type": "body", "parameters": [{ "type": "text", "text": digits }] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": digits }] },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::fake;

    #[test]
    fn the_body_is_what_meta_documents() {
        assert_eq!(
            body(&fake::message("en"), "otp_login", "en"),
            json!({
                "messaging_product": "whatsapp", "recipient_type": "individual", "to": "2348031234567", "type": "template",
                "biz_opaque_callback_data": "at_1",
                "template": {
                    "name": "otp_login", "language": {"code": "en"},
                    "components": [
                        {"type": "body", "parameters": [{"type": "text", "text": "481516"}]},
                        {"type": "button", "sub_type": "url", "index": "0",
                         "parameters": [{"type": "text", "text": "481516"}]}
                    ]
                }
            })
        );
    }

    #[test]
    fn languages_are_written_as_meta_writes_them() {
        for (tag, code) in [("en", "en"), ("pt-BR", "pt_BR"), ("sw", "sw"), ("ar", "ar")] {
            assert_eq!(language(tag), code);
        }
    }
}
