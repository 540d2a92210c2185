//! Telegram's Gateway: it says at once whether a number is on Telegram, so falling from this rung needs no waiting.

use super::web::CarrierWeb;
use super::{Finding, Posted, Reported, Sender, Unproven};
use crate::domain::carrier::{self, Credentials};
use crate::domain::delivery::{Class, Cost, Failed, Handed, Message, Receipt, Status};
use crate::domain::ids::AttemptId;
use crate::domain::time::Time;
use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, hmac};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use zeroize::Zeroizing;

const GATEWAY: &str = "https://gatewayapi.telegram.org";

/// Seconds after which Telegram takes back an unread message: what it supports.
const LIFE: std::ops::RangeInclusive<u64> = 60..=86_400;

/// The longest URL it reports to.
const LONGEST_URL: usize = 256;

/// How many seconds old a report may be, or ahead of our clock.
const FRESH: u64 = 300;

/// No passcode lives longer than Telegram may ask to wait.
const LONGEST_WAIT: u64 = 600;

/// What its credits are counted in.
const CURRENCY: &str = "USD";

pub struct TelegramGateway {
    web: CarrierWeb,
    token: Zeroizing<String>,
    sender_username: Option<String>,
    /// Reports are signed with the token's hash.
    reports: hmac::Key,
}

/// Why nothing was done.
enum Refused {
    /// Telegram's own word, like `PHONE_NUMBER_NOT_FOUND`.
    Said(String),
    /// No answer of Telegram's.
    Answered(Failed),
    Silent(super::web::NoAnswer),
}

impl TelegramGateway {
    pub fn new(settings: &carrier::TelegramGateway, secrets: &Credentials, web: CarrierWeb) -> Self {
        let token = Zeroizing::new(secrets.must("access_token").to_owned());
        let hash = digest::digest(&digest::SHA256, token.as_bytes());
        let reports = hmac::Key::new(hmac::HMAC_SHA256, hash.as_ref());
        Self { web, token, sender_username: settings.sender_username.clone(), reports }
    }

    async fn ask(&self, method: &str, body: &Value) -> Result<Value, Refused> {
        let request = self.web.request(Method::POST, GATEWAY, &format!("/{method}"));
        let answer =
            self.web.ask(request.bearer_auth(self.token.as_str()).json(body)).await.map_err(Refused::Silent)?;
        let document = answer.json();
        match (document["ok"].as_bool(), document["error"].as_str()) {
            (Some(true), _) => Ok(document["result"].clone()),
            (_, Some(error)) => Err(Refused::Said(error.to_owned())),
            _ => Err(Refused::Answered(answer.failed(answer.status.as_u16(), "answered without a reason"))),
        }
    }

    fn body(&self, message: &Message, request: &str) -> Value {
        let mut body = json!({
            "phone_number": message.number(),
            "request_id": request,
            "code": message.digits,
            "ttl": message.life().clamp(*LIFE.start(), *LIFE.end()),
            "payload": message.attempt.as_str(),
        });
        if let Some(url) = message.report_to.as_deref().filter(|url| reportable(url)) {
            body["callback_url"] = url.into();
        }
        if let Some(username) = message.sender.as_ref().or(self.sender_username.as_ref()) {
            body["sender_username"] = username.trim_start_matches('@').into();
        }
        body
    }

    async fn hand(&self, message: &Message, request: &str) -> Handed {
        match self.ask("sendVerificationMessage", &self.body(message, request)).await {
            Ok(result) => Handed::Accepted {
                reference: result["request_id"].as_str().unwrap_or(request).to_owned(),
                status: status(&result).unwrap_or(Status::Accepted),
                cost: cost(&result),
            },
            // The request is this message's own: what was sent for it is this very message.
            Err(Refused::Said(error)) if error == "MESSAGE_ALREADY_SENT" => Handed::accepted(request),
            Err(Refused::Said(error)) => Handed::Failed(said(&error)),
            Err(Refused::Answered(failed)) => Handed::Failed(failed),
            Err(Refused::Silent(no)) => no.handed(),
        }
    }
}

fn reportable(url: &str) -> bool {
    url.starts_with("https://") && url.len() <= LONGEST_URL
}

/// What one of Telegram's words means for what is done next.
fn said(error: &str) -> Failed {
    if let Some(wait) = error.strip_prefix("FLOOD_WAIT") {
        let seconds = wait.trim_start_matches('_').parse::<u64>().ok().map(|seconds| seconds.min(LONGEST_WAIT));
        let busy = Failed::new(Class::Busy, "FLOOD_WAIT", "too many requests");
        return Failed { retry_after: seconds.map(Duration::from_secs), ..busy };
    }
    let (class, mend) = match error {
        // Not on Telegram, or not to be written to there: the number itself may be as good as any.
        _ if error.starts_with("PHONE_NUMBER_") => (Class::Unreachable, "this number cannot be written to by Telegram"),
        "ACCESS_TOKEN_INVALID" | "ACCESS_TOKEN_REQUIRED" => (Class::Misconfigured, "access_token is not taken"),
        "BALANCE_NOT_ENOUGH" => (Class::Misconfigured, "the Gateway account needs funds"),
        "SENDER_USERNAME_INVALID" | "SENDER_NOT_VERIFIED" | "SENDER_NOT_OWNED" => {
            (Class::Misconfigured, "sender_username must be a verified channel of the account that owns the token")
        }
        "CODE_INVALID" | "CODE_LENGTH_INVALID" => {
            (Class::Misconfigured, "Telegram carries 4 to 8 digits: passcode.digits")
        }
        _ => (Class::Misconfigured, "not taken"),
    };
    Failed::new(class, error, mend)
}

/// How far it came, as `delivery_status` says.
fn status(result: &Value) -> Option<Status> {
    Some(match result["delivery_status"]["status"].as_str()? {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" => Status::Read,
        "expired" | "revoked" => Status::Undelivered,
        _ => return None,
    })
}

/// Telegram gives the fee back for what it could not deliver in time.
fn cost(result: &Value) -> Option<Cost> {
    if result["is_refunded"].as_bool() == Some(true) {
        return Cost::read("0", CURRENCY);
    }
    Cost::read(&result["request_cost"].as_number()?.to_string(), CURRENCY)
}

fn receipt(report: &Value, asked: Option<&str>) -> Option<Receipt> {
    let status = status(report)?;
    let reason = report["delivery_status"]["status"].as_str().unwrap_or_default();
    let failed = || Failed::new(Class::Unreachable, reason, "Telegram took the message back unread");
    Some(Receipt {
        attempt: report["payload"].as_str().filter(|payload| !payload.is_empty()).or(asked).map(AttemptId::new),
        reference: report["request_id"].as_str().map(str::to_owned),
        status,
        failed: (status == Status::Undelivered).then(failed),
        cost: cost(report),
    })
}

#[async_trait]
impl Sender for TelegramGateway {
    fn reports(&self) -> bool {
        true
    }

    fn wants_feedback(&self) -> bool {
        true
    }

    async fn send(&self, message: &Message) -> Handed {
        match self.ask("checkSendAbility", &json!({ "phone_number": message.number() })).await {
            Ok(able) => match able["request_id"].as_str() {
                Some(request) => self.hand(message, request).await,
                None => Handed::Failed(Failed::new(Class::Busy, "no_request", "answered without a request_id")),
            },
            Err(Refused::Said(error)) => Handed::Failed(said(&error)),
            Err(Refused::Answered(failed)) => Handed::Failed(failed),
            // It was only asked whether: no message is on its way.
            Err(Refused::Silent(no)) => Handed::Failed(Failed::new(Class::Busy, "not_reached", no.text())),
        }
    }

    fn read(&self, posted: &Posted<'_>) -> Result<Reported, Unproven> {
        let stamp = posted.header("x-request-timestamp").ok_or(Unproven("no timestamp"))?;
        let given = posted.header("x-request-signature").ok_or(Unproven("no signature"))?.to_ascii_lowercase();
        let mut signed = hmac::Context::with_key(&self.reports);
        [stamp.as_bytes(), b"\n", posted.body].into_iter().for_each(|part| signed.update(part));
        let ours: String = signed.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        verify_slices_are_equal(ours.as_bytes(), given.as_bytes())
            .map_err(|_| Unproven("the signature is not our token's"))?;
        let at: i64 = stamp.parse().map_err(|_| Unproven("the timestamp is none"))?;
        if posted.now.secs().abs_diff(at) > FRESH {
            return Err(Unproven("the report is too old"));
        }
        let report: Value = serde_json::from_slice(posted.body).unwrap_or_default();
        Ok(Reported::Receipts(receipt(&report, posted.asked("attempt")).into_iter().collect()))
    }

    async fn feed_back(&self, reference: &str, digits: &str) -> Result<(), String> {
        // Asked with the digits that were right, though we checked them: that is how Telegram counts a conversion.
        let asked = json!({ "request_id": reference, "code": digits });
        match self.ask("checkVerificationStatus", &asked).await {
            Ok(_) => Ok(()),
            Err(Refused::Said(error)) => Err(error),
            Err(Refused::Answered(failed)) => Err(failed.detail),
            Err(Refused::Silent(no)) => Err(no.text().to_owned()),
        }
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        // Of a request that cannot be: only the token is looked at, and nothing is charged.
        vec![match self.ask("checkVerificationStatus", &json!({ "request_id": "0" })).await {
            Err(Refused::Said(error)) if error.starts_with("ACCESS_TOKEN_") => Finding::bad(format!(
                "Telegram refuses the token ({error}): copy it anew from the account's settings at gateway.telegram.org"
            )),
            Ok(_) | Err(Refused::Said(_)) => {
                Finding::good("Telegram takes the token; the balance is told at gateway.telegram.org alone")
            }
            Err(Refused::Answered(failed)) => Finding::bad(format!("Telegram answers {}", failed.code)),
            Err(Refused::Silent(no)) => Finding::bad(format!("not reached: {}", no.text())),
        }]
    }
}

#[cfg(test)]
mod tests;
