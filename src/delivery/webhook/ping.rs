//! Looking at a gateway without sending anybody anything.

use super::Webhook;
use crate::delivery::Finding;
use crate::domain::time::Time;
use reqwest::Method;

const PING: &[u8] = br#"{"type":"passcode.ping"}"#;

impl Webhook {
    /// A signed document that asks for nothing, which our own shape says is answered with 2xx.
    pub(super) async fn ping(&self, now: Time) -> Finding {
        let now = now.secs();
        let answer = match self.web.ask(self.request(&format!("ping_{now}"), now, PING.to_vec())).await {
            Ok(answer) => answer,
            Err(none) => return not_reached(none.text()),
        };
        match answer.status.as_u16() {
            200..=299 => Finding::good("the gateway answers and takes our signature"),
            status @ (401 | 403) => Finding::bad(format!(
                "the gateway refuses our signature ({status}): is the secret the same on both sides, and is the body verified as it \
                 came, before it is parsed?"
            )),
            status @ (404 | 405) => {
                Finding::bad(format!("nothing takes a POST at this url ({status}); look at its path"))
            }
            status @ (300..=399) => Finding::bad(format!("it sends us elsewhere ({status}); give the url it leads to")),
            status @ (400 | 422) => {
                Finding::bad(format!("it does not know a passcode.ping ({status}); answer that type with 2xx"))
            }
            status => Finding::bad(format!("the gateway is not well: it answers a passcode.ping with {status}")),
        }
    }

    /// Gateways of other shapes know no ping, and a POST might be sent to somebody: only whether one stands there is looked at.
    pub(super) async fn knock(&self) -> Finding {
        match self.web.ask(self.web.to(Method::OPTIONS, self.url.clone())).await {
            Ok(answer) if answer.status.is_server_error() => {
                Finding::bad(format!("the gateway is not well: it answers {}", answer.status.as_u16()))
            }
            Ok(_) => Finding::good(
                "the gateway answers; whether it takes our messages, `countersign carriers test` finds out",
            ),
            Err(none) => not_reached(none.text()),
        }
    }
}

fn not_reached(why: &str) -> Finding {
    Finding::bad(format!("the gateway is not reached ({why}); look at url, its certificate and allow_private"))
}
