//! How a sign-in stands, in one sentence, and what to try next.

use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::delivery::{Progress, Stood};
use crate::domain::interaction::Interaction;
use crate::domain::time::Time;
use crate::domain::timeline::{Moment, What};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub stands: String,
    /// Nothing where all went well.
    pub next: &'static str,
}

pub(super) fn of(
    app: &App,
    interaction: &Interaction,
    challenge: Option<&Challenge>,
    attempts: &[Stood],
    moments: &[Moment],
) -> Advice {
    let now = app.now();
    if interaction.finished_at.is_some() {
        return finished(moments);
    }
    let over = interaction.expires_at <= now;
    match challenge {
        None if over => told("They saw the page and asked for no code.", "Nothing: they can begin again at the app."),
        None => told("They see the page and have asked for no code yet.", "Wait until they enter a number or address."),
        Some(challenge) if challenge.spent_at.is_some() && over => {
            told("The code was right, and they never came back to the app.", "They can begin again at the app.")
        }
        Some(challenge) if challenge.spent_at.is_some() => {
            told("The code was right; another page waits for them.", "They have to finish what the page asks.")
        }
        Some(challenge) if challenge.mute => told(
            "Nothing was sent: sign-up is closed at this app, and nobody has this number or address.",
            "Ask which number or address their account has; or open sign-up, or invite them.",
        ),
        Some(challenge) if challenge.exhausted() => told(
            "The code was typed wrong too often and is void.",
            "They can ask for another; it is the newest message that counts.",
        ),
        Some(challenge) => of_message(app, challenge, attempts, moments, now),
    }
}

fn finished(moments: &[Moment]) -> Advice {
    let denied = moments.iter().rev().find(|moment| moment.what == What::Denied);
    let Some(denied) = denied else { return told("They are in.", "") };
    match denied.code.as_deref().unwrap_or_default() {
        "person" => told("They said no.", "They can begin again at the app."),
        "over" => told("The device's code was over.", "They can ask the device for another."),
        "blocked" => told(
            "The account is blocked, or there is none and sign-up is closed.",
            "Look at the person: let them in again, or invite them, if that is right.",
        ),
        "another_subject" => {
            told("They are somebody else than the app asked for.", "They have to sign in as themselves.")
        }
        "no_member" => told("They are no member of the organization.", "Add them to it, if that is right."),
        "invitation_used" => told("The invitation was used before.", "Invite them again, if that is right."),
        _ => told("The app got an error.", "The lines below say which."),
    }
}

fn of_message(app: &App, challenge: &Challenge, attempts: &[Stood], moments: &[Moment], now: Time) -> Advice {
    let live = challenge.live(now);
    let wrong = moments.iter().any(|moment| moment.what == What::Mistyped && moment.at >= challenge.issued_at);
    match Progress::of(attempts) {
        None => told("A code was asked for and no message was made: it is a test identifier.", "Type its fixed code."),
        Some(_) if wrong && live => {
            told("A wrong code was typed.", "It is the newest message that counts, in the browser it was asked for in.")
        }
        Some(Progress::Delivered(channel)) if live => Advice {
            stands: format!("The code reached their device by {} and was not typed yet.", channel.as_str()),
            next: "Ask them to look there: message requests and spam too. It works in the browser it was asked for in.",
        },
        Some(Progress::Delivered(channel)) => Advice {
            stands: format!("The code reached their device by {} and was never typed in time.", channel.as_str()),
            next: "They can begin again; the code works in the browser it was asked for in, for a few minutes.",
        },
        Some(Progress::Sending(_)) if live => told("The message is on its way to the carrier.", "Wait a moment."),
        Some(Progress::Sent(_) | Progress::Fell { .. }) if live => told(
            "A carrier has the message and has not said yet that it arrived.",
            "Wait a moment; else send it again.",
        ),
        Some(Progress::Sending(_) | Progress::Sent(_) | Progress::Fell { .. }) => told(
            "A carrier took the message and never said that it arrived.",
            "Look at the carrier's delivery reports for this country; another channel may do better.",
        ),
        Some(_) => failed(app, attempts),
    }
}

fn failed(app: &App, attempts: &[Stood]) -> Advice {
    let last = attempts.iter().rev().find(|attempt| attempt.code.is_some());
    let explained = last.and_then(|attempt| {
        super::explained(app, attempt.carrier.as_deref(), attempt.code.as_deref().unwrap_or_default(), attempts)
    });
    match explained {
        Some(explained) => {
            Advice { stands: format!("The code did not arrive. {}", explained.means), next: explained.next }
        }
        None => told("The code did not arrive.", "They can ask for it by another channel."),
    }
}

fn told(stands: &str, next: &'static str) -> Advice {
    Advice { stands: stands.to_owned(), next }
}
