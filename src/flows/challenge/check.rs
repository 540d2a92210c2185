//! Whether what was typed is the passcode: counted first, compared second, in constant time; the caller spends third.

use super::{DAY, HOUR};
use crate::app::App;
use crate::crypto::same::same;
use crate::crypto::secret::Bound;
use crate::domain::challenge::Challenge;
use crate::domain::event::{Happened, Kind};
use crate::domain::limit::Limit;
use crate::domain::passcode::Passcode;
use crate::domain::time::Time;
use crate::domain::timeline::{Moment, What};
use crate::flows::standing::Open;
use crate::flows::{Fault, events};
use crate::store;
use crate::telemetry::Outcome;
use std::time::Duration;

#[derive(Debug)]
pub enum Checked {
    Right(Box<Challenge>),
    /// Not that many digits; costs no try.
    Malformed,
    Wrong {
        left: u32,
    },
    /// This passcode took its last wrong try.
    Exhausted,
    /// This identifier did, in this hour.
    TooManyTries(Duration),
    /// Expired, used, cancelled, or never there.
    Over,
    /// The carrier that made this passcode cannot be asked just now.
    Unavailable,
}

/// Counts first, in a statement that commits by itself; compares second, in constant time; the caller spends third.
pub async fn check(app: &App, open: &Open, typed: &str) -> Result<Checked, Fault> {
    let now = app.now();
    let Some(challenge) = open.challenge.as_ref().filter(|challenge| challenge.live(now)) else {
        return Ok(Checked::Over);
    };
    let fixed = open.live.catalog.test_passcode(&challenge.identifier);
    let digits = fixed.map_or(usize::try_from(app.config.passcode_digits.0).unwrap_or(6), str::len);
    let Some(typed) = Passcode::typed(typed, digits) else {
        count_typed(app, "malformed");
        return Ok(Checked::Malformed);
    };
    let [of_challenge, of_identifier] = guess_limits(app, challenge);
    let counts = store::counters::raise(&app.db, [&of_challenge, &of_identifier], now).await?;
    if of_challenge.exceeded(&counts).is_some() {
        // The last wrong try has ended it. This one may be a click too many beside a right one that is not spent yet: it
        // must not end that.
        count_typed(app, "exhausted");
        return Ok(Checked::Exhausted);
    }
    if let Some(over) = of_identifier.exceeded(&counts) {
        // Right passcodes were counted like guesses: take them off before turning anybody away.
        let right = store::challenges::count_spent(&app.db, &challenge.identifier, over.ends_at.minus(HOUR)).await?;
        if over.count - right > i64::from(of_identifier.most) {
            count_typed(app, "too_many_tries");
            return Ok(Checked::TooManyTries(over.ends_at.since(now)));
        }
    }
    let expected = match fixed {
        Some(fixed) => Passcode::fixed(fixed),
        None => app.secret.passcode(Bound::of(challenge), u8::try_from(digits).unwrap_or(6)),
    };
    let ours = same(expected.reveal().as_bytes(), typed.reveal().as_bytes()) & !challenge.mute;
    let right = match &challenge.verified_by {
        None => Some(ours),
        Some((carrier, reference)) => verified(app, challenge, carrier, reference, &typed, ours).await?,
    };
    match right {
        Some(true) => {
            count_typed(app, "right");
            return Ok(Checked::Right(Box::new(challenge.clone())));
        }
        Some(false) => wrong(app, challenge, now).await?,
        None => {
            // Nobody judged it. The carrier caps what it judges by itself.
            for counter in [&of_challenge.key, &of_identifier.key] {
                store::counters::lower_by(&app.db, counter, 1).await?;
            }
            count_typed(app, "unavailable");
            return Ok(Checked::Unavailable);
        }
    }
    let used = counts.iter().find(|count| count.key == of_challenge.key).map_or(0, |count| count.count);
    let left = i64::from(of_challenge.most).saturating_sub(used);
    if left > 0 {
        Ok(Checked::Wrong { left: u32::try_from(left).unwrap_or(0) })
    } else {
        exhaust(app, open, challenge, now).await
    }
}

/// Exhausted is final: not even the right digits open it now.
async fn exhaust(app: &App, open: &Open, challenge: &Challenge, now: Time) -> Result<Checked, Fault> {
    count_typed(app, "exhausted");
    if !events::wanted(app, &[Kind::ChallengeExhausted]) {
        store::challenges::cancel(&app.db, &challenge.id, now).await?;
        return Ok(Checked::Exhausted);
    }
    let mut tx = app.db.begin().await?;
    store::challenges::cancel(&mut tx, &challenge.id, now).await?;
    let client = open.interaction.client_id.as_str();
    events::write(app, &mut tx, Happened::challenge(Kind::ChallengeExhausted, challenge, client, None)).await?;
    tx.commit().await?;
    Ok(Checked::Exhausted)
}

/// The carrier made this passcode, so it is asked. Ours counts beside it only where a message carried ours too: after the
/// carrier failed, another took over.
async fn verified(
    app: &App,
    challenge: &Challenge,
    carrier: &str,
    reference: &str,
    typed: &Passcode,
    ours: bool,
) -> Result<Option<bool>, Fault> {
    if ours {
        let attempts = store::attempts::list(&app.db, &challenge.id).await?;
        let sent = |by: &Option<String>| by.as_deref().is_some_and(|by| by != carrier);
        if attempts.iter().any(|attempt| attempt.state == "sent" && sent(&attempt.carrier)) {
            return Ok(Some(true));
        }
    }
    let live = app.live();
    let verifier = live.carrier(carrier).and_then(|ready| ready.verifier.clone());
    let Some(verifier) = verifier else { return Ok(None) };
    match verifier.check(reference, &challenge.identifier, typed.reveal()).await {
        Ok(right) => Ok(Some(right)),
        Err(what) => {
            app.alert("verifier", carrier, &format!("cannot be asked whether a passcode is right: {what}"));
            Ok(None)
        }
    }
}

/// Kept in the story: an operator sees a person mistyping, and an attacker guessing.
async fn wrong(app: &App, challenge: &Challenge, now: Time) -> Result<(), Fault> {
    count_typed(app, "wrong");
    let moment = Moment::new(&challenge.interaction, now, What::Mistyped);
    Ok(store::moments::add(&app.db, &app.entropy.moment_id(now), &moment).await?)
}

fn guess_limits(app: &App, challenge: &Challenge) -> [Limit; 2] {
    let of_identifier = app.secret.blurred(&challenge.identifier);
    [
        Limit { key: format!("guess:{}", challenge.id), most: app.config.passcode_tries.0, window: DAY },
        Limit { key: format!("guess:{of_identifier}"), most: app.config.passcode_tries_per_hour.0, window: HOUR },
    ]
}

fn count_typed(app: &App, outcome: &'static str) {
    app.metrics.passcodes.get_or_create(&Outcome { outcome }).inc();
}
