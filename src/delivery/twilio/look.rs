//! Looking at a Twilio account without sending anything: what is found, and how to mend what is not as it must be.

use super::{Account, codes};
use crate::delivery::Finding;
use crate::delivery::web::Answer;
use serde_json::Value;

/// What came of looking at one thing.
pub enum Seen {
    Found(Value),
    NotFound,
    /// It could not be looked at, and why.
    Hidden(Finding),
}

impl Account {
    pub async fn see(&self, product: &str, path: &str, what: &str) -> Seen {
        match self.get(product, path).await {
            Err(none) => Seen::Hidden(unreached(what, &none)),
            Ok(answer) => self.seen(&answer, what),
        }
    }

    fn seen(&self, answer: &Answer, what: &str) -> Seen {
        let refused = codes::number(&answer.json()["code"]) == Some(20003);
        Seen::Hidden(match answer.status.as_u16() {
            200..=299 => return Seen::Found(answer.json()),
            404 => return Seen::NotFound,
            // A restricted key may send and still not read.
            401 | 403 if self.has_key() && !refused => {
                Finding::good(format!("{what}: not looked at, this API key may not read it"))
            }
            401 | 403 => Finding::bad(format!("{what}: {}", self.refused())),
            status => Finding::bad(format!("{what}: Twilio answers {status}; try again later")),
        })
    }

    fn refused(&self) -> &'static str {
        if self.has_key() {
            "Twilio refuses the API key; make a new one in its console (for the region you use) and set api_key and api_secret"
        } else {
            "Twilio refuses the credentials; copy account_sid and auth_token from its console"
        }
    }

    /// The account by its token, which also signs what Twilio calls us with; and the API key beside it.
    pub async fn look(&self) -> Vec<Finding> {
        let mut findings = vec![match self.get_by_token("api", &self.path(".json")).await {
            Err(none) => unreached("account", &none),
            Ok(answer) => of_account(&answer),
        }];
        if self.has_key() {
            findings.push(
                match self.see("api", &self.path("/IncomingPhoneNumbers.json?PageSize=1"), "api_key").await {
                    Seen::Found(_) => Finding::good("api_key: Twilio takes it"),
                    Seen::NotFound => {
                        Finding::bad("api_key: it is another account's; make one in the account of account_sid")
                    }
                    Seen::Hidden(finding) => finding,
                },
            );
        }
        findings
    }
}

fn of_account(answer: &Answer) -> Finding {
    let account = answer.json();
    match (answer.status.as_u16(), account["status"].as_str()) {
        (200..=299, Some("active")) if account["type"] == "Trial" => Finding::good(
            "account: active, on trial: it reaches only numbers verified in Twilio's console; upgrade it before people sign in",
        ),
        (200..=299, Some("active")) => Finding::good("account: active, and its token is right"),
        (200..=299, status) => Finding::bad(format!(
            "account: {}; Twilio's console says why, its support reopens it",
            status.unwrap_or("in no state we know")
        )),
        (401 | 403 | 404, _) => Finding::bad(
            "auth_token: Twilio refuses it; copy the primary token of account_sid from its console. Receipts are signed with it",
        ),
        (status, _) => Finding::bad(format!("account: Twilio answers {status}; try again later")),
    }
}

fn unreached(what: &str, why: &str) -> Finding {
    Finding::bad(format!(
        "{what}: Twilio was not reached ({why}); look at base_url, region and the way out of this network"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn an_account_is_active_suspended_or_refuses_us() {
        let told = |status, body: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            of_account(&Answer { status, retry_after: None, body: body.as_bytes().to_vec() })
        };
        assert!(told(200, r#"{"status":"active","type":"Full"}"#).good);
        assert!(told(200, r#"{"status":"active","type":"Trial"}"#).text.contains("trial"));
        assert!(!told(200, r#"{"status":"suspended"}"#).good);
        assert!(told(401, r#"{"code":20003}"#).text.starts_with("auth_token"));
        assert!(!told(500, "").good);
    }
}
