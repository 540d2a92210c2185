//! Twilio Verify: Twilio's own senders and words. It makes the passcode and checks it, unless the service takes codes of ours.

mod examine;
mod forms;

use super::twilio::signature::Body;
use super::twilio::{Account, Form, codes, events, field};
use super::web::{Answer, CarrierWeb};
use super::{Finding, Posted, Reported, Sender, Unproven, Verifier};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Handed, Message};
use crate::domain::identifier::Identifier;
use crate::domain::time::Time;
use async_trait::async_trait;

pub struct TwilioVerify {
    account: Account,
    settings: carrier::TwilioVerify,
}

impl TwilioVerify {
    pub fn new(settings: &carrier::TwilioVerify, secrets: &Credentials, web: CarrierWeb) -> Self {
        let account = Account::new(&settings.account_sid, settings.api_key.as_deref(), None, secrets, web);
        Self { account, settings: settings.clone() }
    }

    async fn post(&self, region: Option<&str>, rest: &str, form: &Form) -> Result<Answer, Handed> {
        let path = format!("/v2/Services/{}/{rest}", self.settings.service_sid);
        self.account.post("verify", region, &path, form).await
    }

    async fn create(&self, message: &Message, form: Form) -> Result<Answer, Handed> {
        let region = message.region.as_deref();
        let answer = self.post(region, "Verifications", &form).await?;
        match forms::without_locale(form).filter(|_| dislikes_locale(&answer)) {
            Some(plain) => self.post(region, "Verifications", &plain).await,
            None => Ok(answer),
        }
    }
}

/// A language the service's template or voice lacks is refused like a page that is not there; nothing was sent then, and
/// without it Twilio chooses by the number's country.
fn dislikes_locale(answer: &Answer) -> bool {
    answer.status == 404 || codes::number(&answer.json()["code"]) == Some(60331)
}

#[async_trait]
impl Sender for TwilioVerify {
    /// Only where the operator has set up a sink: nothing is reported message by message.
    fn reports(&self) -> bool {
        self.settings.event_streams
    }

    /// Twilio sees for itself when its own passcode is used. Where it is ours, its routing and fraud models live on being told.
    fn wants_feedback(&self) -> bool {
        self.settings.custom_codes
    }

    async fn send(&self, message: &Message) -> Handed {
        let form = match forms::of(&self.settings, message) {
            Ok(form) => form,
            Err(failed) => return Handed::Failed(failed),
        };
        match self.create(message, form).await {
            Ok(answer) => handed(&answer),
            Err(handed) => handed,
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        match self.account.proven(posted)? {
            Body::Whole => {
                let (account, service) = (&self.settings.account_sid, &self.settings.service_sid);
                Ok(Reported::Receipts(events::receipts(posted.body, account, service)))
            }
            Body::Form(_) => Err(Unproven("events are JSON, proven by bodySHA256")),
        }
    }

    async fn feed_back(&self, reference: &str, _digits: &str) -> Result<(), String> {
        if !is_verification(reference) {
            return Err("not a verification of Twilio's".into());
        }
        let form = vec![field("Status", "approved")];
        let answer = self.post(None, &format!("Verifications/{reference}"), &form).await.map_err(why)?;
        // Gone: its ten minutes are over, or it was approved already.
        if answer.status.is_success() || answer.status == 404 { Ok(()) } else { Err(told(&answer)) }
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        examine::all(&self.account, &self.settings).await
    }
}

#[async_trait]
impl Verifier for TwilioVerify {
    async fn check(&self, reference: &str, to: &Identifier, typed: &str) -> Result<bool, String> {
        let of = if reference.is_empty() { field("To", to.reveal()) } else { field("VerificationSid", reference) };
        let form = vec![of, field("Code", typed)];
        let answer = self.post(None, "VerificationCheck", &form).await.map_err(why)?;
        right(&answer)
    }
}

fn handed(answer: &Answer) -> Handed {
    if !answer.status.is_success() {
        return Handed::Failed(codes::refused(answer));
    }
    match answer.json()["sid"].as_str() {
        Some(sid) if !sid.is_empty() => Handed::accepted(sid),
        _ => Handed::Unknown("the answer names no verification".into()),
    }
}

/// Right only where Twilio says so twice. A verification that is over, used or out of tries makes every passcode wrong.
fn right(answer: &Answer) -> Result<bool, String> {
    let body = answer.json();
    match answer.status.as_u16() {
        200..=299 => Ok(body["status"] == "approved" && body["valid"] == true),
        404 => Ok(false),
        _ if codes::number(&body["code"]) == Some(60202) => Ok(false),
        _ => Err(told(answer)),
    }
}

fn told(answer: &Answer) -> String {
    let failed = codes::refused(answer);
    format!("{} {}", failed.code, failed.detail)
}

fn why(handed: Handed) -> String {
    match handed {
        Handed::Failed(failed) => failed.detail,
        Handed::Unknown(what) => what,
        Handed::Accepted { .. } => String::new(),
    }
}

/// It stands in a path.
fn is_verification(reference: &str) -> bool {
    reference.starts_with("VE") && reference.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::Class;
    use reqwest::StatusCode;

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, retry_after: None, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_approved_and_valid_is_right() {
        let told = |status, body| right(&answer(status, body));
        assert_eq!(told(201, r#"{"status":"approved","valid":true}"#), Ok(true));
        assert_eq!(told(200, r#"{"status":"approved","valid":true}"#), Ok(true));
        for wrong in [r#"{"status":"pending","valid":false}"#, r#"{"status":"approved","valid":false}"#, "{}", "<html>"]
        {
            assert_eq!(told(200, wrong), Ok(false), "{wrong}");
        }
        assert_eq!(told(404, r#"{"code":20404}"#), Ok(false));
        assert_eq!(told(429, r#"{"code":60202}"#), Ok(false));
        assert!(told(429, r#"{"code":20429}"#).is_err());
        assert!(told(401, r#"{"code":20003}"#).is_err());
        assert!(told(503, "").is_err());
    }

    #[test]
    fn a_verification_is_taken_or_refused() {
        assert_eq!(handed(&answer(201, r#"{"sid":"VE1","status":"pending"}"#)), Handed::accepted("VE1"));
        assert!(matches!(handed(&answer(201, "")), Handed::Unknown(_)));
        let class = |status, body| match handed(&answer(status, body)) {
            Handed::Failed(failed) => failed.class,
            other => panic!("{other:?}"),
        };
        assert_eq!(class(403, r#"{"code":60605}"#), Class::Policy);
        assert_eq!(class(403, r#"{"code":60410}"#), Class::Policy);
        assert_eq!(class(429, r#"{"code":60203}"#), Class::Unreachable);
        assert_eq!(class(429, r#"{"code":60212}"#), Class::Busy);
        assert_eq!(class(404, r#"{"code":20404}"#), Class::Misconfigured);
    }

    #[test]
    fn a_language_that_is_refused_is_left_out() {
        assert!(dislikes_locale(&answer(404, r#"{"code":20404}"#)));
        assert!(dislikes_locale(&answer(400, r#"{"code":60331}"#)));
        assert!(!dislikes_locale(&answer(400, r#"{"code":60200}"#)));
        assert!(!dislikes_locale(&answer(201, r#"{"sid":"VE1"}"#)));
    }

    #[test]
    fn only_verifications_stand_in_paths() {
        assert!(is_verification("VE0123456789abcdef0123456789abcdef"));
        assert!(!is_verification("VE1/../x") && !is_verification("+15550001111"));
    }
}
