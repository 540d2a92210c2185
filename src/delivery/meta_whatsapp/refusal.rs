//! Meta's errors: the same shape in answers and in receipts. Meta asks to build on the code, and titles are going away.

use crate::domain::delivery::Class;
use serde_json::Value;

#[derive(Debug)]
pub struct Refusal {
    /// Zero is also what is made of an answer without one: it is Meta's own code for a bad login.
    pub code: u64,
    pub subcode: u64,
    message: String,
    details: String,
    /// What Meta would have a person read; template refusals say the reason here alone.
    advice: String,
}

impl Refusal {
    pub fn read(error: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Some(Self {
            code: error["code"].as_u64()?,
            subcode: error["error_subcode"].as_u64().unwrap_or_default(),
            message: text(if error["message"].is_string() { &error["message"] } else { &error["title"] }),
            details: text(&error["error_data"]["details"]),
            advice: text(&error["error_user_msg"]),
        })
    }

    /// There was no answer, or none of Meta's.
    pub fn unreached(what: &str) -> Self {
        let none = String::new();
        Self { code: 0, subcode: 0, message: what.to_owned(), details: none.clone(), advice: none }
    }

    pub fn class(&self) -> Option<Class> {
        match self.code {
            100 | 131_009 if self.subcode != NO_SUCH_OBJECT && self.is_about_the_number() => Some(Class::BadNumber),
            code => class(code),
        }
    }

    /// Both codes also mean parameters of ours, and nobody is told that their number is bad when our template is.
    fn is_about_the_number(&self) -> bool {
        let said = self.words().to_lowercase();
        let ours = ["phone number id", "template", "component", "business"].iter().any(|word| said.contains(word));
        let theirs = ["recipient", "phone number", "'to'", "\"to\"", "parameter to "];
        !ours && theirs.iter().any(|word| said.contains(word))
    }

    pub fn words(&self) -> String {
        let parts = [&self.message, &self.details, &self.advice];
        let said: Vec<&str> = parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
        said.join(": ")
    }
}

/// A phone number id or account that does not exist for this token.
pub const NO_SUCH_OBJECT: u64 = 33;

/// What a code means for what is done next.
fn class(code: u64) -> Option<Class> {
    Some(match code {
        131_026 | 131_049 | 130_472 | 131_021 | 130_497 | 131_050 | 131_062 => Class::Unreachable,
        // Login and permissions.
        0 | 3 | 10 | 190 | 200..=299 | 131_005 => Class::Misconfigured,
        // The template.
        132_000 | 132_001 | 132_005 | 132_007 | 132_008 | 132_012 | 132_015 | 132_016 => Class::Misconfigured,
        // The account or the sender's number: blocked, unpaid, unnamed, not registered.
        33 | 368 | 131_031 | 131_037 | 131_042 | 131_044 | 131_045 | 133_010 => Class::Misconfigured,
        // What we asked for.
        100 | 131_008 | 131_009 | 131_047 | 131_051 => Class::Misconfigured,
        1 | 2 | 4 | 80_007 | 130_429 | 131_000 | 131_016 | 131_048 | 131_056 | 131_057 | 133_000..=133_999 => {
            Class::Busy
        }
        131_030 => Class::Policy,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_code_of_the_table_has_its_class() {
        let table: [(Class, &[u64]); 4] = [
            (Class::Unreachable, &[131_026, 131_049, 130_472, 131_021, 130_497, 131_050, 131_062]),
            (
                Class::Misconfigured,
                &[
                    132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 131_037, 131_042, 131_044,
                    131_045, 131_031, 131_005, 10, 0, 190, 368, 131_047, 133_010,
                ],
            ),
            (Class::Busy, &[130_429, 131_056, 131_048, 80_007, 4, 131_016, 131_000, 133_004]),
            (Class::Policy, &[131_030]),
        ];
        for (meant, codes) in table {
            codes.iter().for_each(|code| assert_eq!(class(*code), Some(meant), "{code}"));
        }
        assert_eq!(class(424_242), None);
    }

    #[test]
    fn a_parameter_of_ours_is_not_told_as_a_bad_number() {
        let class = |code, details: &str| {
            let error =
                json!({"code": code, "message": "(#100) Invalid parameter", "error_data": {"details": details}});
            Refusal::read(&error).and_then(|refusal| refusal.class())
        };
        assert_eq!(class(131_009, "Recipient phone number is not valid"), Some(Class::BadNumber));
        assert_eq!(class(100, "The parameter to is required."), Some(Class::BadNumber));
        for ours in [
            "Parameter 'text' is mandatory for component parameter type 'text'",
            "Parameter Invalid",
            "The phone number id does not exist",
            "",
        ] {
            assert_eq!(class(100, ours), Some(Class::Misconfigured), "{ours}");
        }
        let gone = json!({"code": 100, "error_subcode": 33, "message": "Object with this phone number does not exist"});
        assert_eq!(Refusal::read(&gone).and_then(|refusal| refusal.class()), Some(Class::Misconfigured));
    }
}
