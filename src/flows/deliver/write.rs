//! The message an attempt carries: digits derived, words chosen, in the language of the page.

use crate::app::App;
use crate::crypto::secret::Bound;
use crate::delivery::message::{self, Contents, Envelope};
use crate::domain::delivery::{Attempt, Channel, Message};
use crate::domain::identifier::Identifier;
use crate::domain::ids::ClientId;
use crate::domain::passcode::Passcode;

/// The digits of an attempt, derived anew.
pub fn passcode(app: &App, attempt: &Attempt) -> Option<Passcode> {
    let to = attempt.job.identifier()?;
    Some(app.secret.passcode(bound(attempt, &to), digits(app)))
}

fn bound<'a>(attempt: &'a Attempt, to: &'a Identifier) -> Bound<'a> {
    let job = &attempt.job;
    Bound { challenge: attempt.challenge.as_str(), purpose: &job.purpose, identifier: to, browser: &job.browser }
}

fn digits(app: &App) -> u8 {
    u8::try_from(app.config.passcode_digits.0).unwrap_or(6)
}

pub fn write(app: &App, attempt: &Attempt, channel: Channel, to: &Identifier) -> Message {
    let (job, bound) = (&attempt.job, bound(attempt, to));
    let contents = Contents {
        words: &app.words(Some(&ClientId::new(&job.client)), &[&job.language]),
        color: job.color.as_deref(),
        app: &job.app,
        passcode: &app.secret.passcode(bound, digits(app)),
        tag: &app.secret.tag(bound),
        minutes: u32::try_from(app.config.passcode_life.0.as_secs().div_ceil(60)).unwrap_or(5),
        host: &app.host,
    };
    let envelope = Envelope {
        attempt: attempt.id.clone(),
        to: to.clone(),
        channel,
        at: app.now(),
        expires_at: attempt.expires_at,
    };
    message::write(&contents, envelope)
}
